import { Counter, Gauge, Registry } from "prom-client";

/** What the program tells about itself and the connectors, for Prometheus. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    tasks: new Gauge({
      name: "kafka_connectors_tasks_running",
      help: "Tasks of a declared connector that run",
      labelNames: ["connector"] as const,
      registers,
    }),
    failed: new Gauge({
      name: "kafka_connectors_failed",
      help: "1 while a declared connector or one of its tasks has failed",
      labelNames: ["connector"] as const,
      registers,
    }),
    actions: new Counter({
      name: "kafka_connectors_actions_total",
      help: "What was done, by kind: configure, remove, resume, restart",
      labelNames: ["connector", "kind"] as const,
      registers,
    }),
    failures: new Counter({
      name: "kafka_connectors_passes_failed_total",
      help: "Times that the worker could not be asked, or did not do what it was told",
      registers,
    }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
