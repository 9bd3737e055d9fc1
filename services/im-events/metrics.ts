import { Counter, Gauge, Registry } from "prom-client";

/** What the program tells about itself, for Prometheus. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    events: new Counter({
      name: "im_events_total",
      help: "Events that were written, by kind",
      labelNames: ["kind"] as const,
      registers,
    }),
    deadLetters: new Counter({
      name: "im_events_dead_letters_total",
      help: "Records that are none of an event, and were put aside",
      registers,
    }),
    lag: new Gauge({
      name: "im_events_lag_seconds",
      help: "How old the event was, when it was written, that was written last",
      registers,
    }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
