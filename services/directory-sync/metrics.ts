import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What the service tells about itself, for Prometheus. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const lastWholeRun = { at: 0 };
  new Gauge({
    name: "directory_sync_lag_seconds",
    help: "Time since Matrix was last wholly as the directory says; -1 before the first time, and on standby",
    registers,
    collect() {
      this.set(lastWholeRun.at === 0 ? -1 : (performance.now() - lastWholeRun.at) / 1000);
    },
  });
  return {
    registry,
    lastWholeRun,
    leader: new Gauge({ name: "directory_sync_leader", help: "1 while this process acts, 0 on standby", registers }),
    runs: new Counter({
      name: "directory_sync_runs_total",
      help: "Comparisons, by how they ended: done, interrupted, failed",
      labelNames: ["result"] as const,
      registers,
    }),
    duration: new Histogram({
      name: "directory_sync_run_seconds",
      help: "Time of a comparison with its changes",
      buckets: [0.5, 1, 2, 5, 10, 30, 60, 120, 300],
      registers,
    }),
    actions: new Counter({
      name: "directory_sync_actions_total",
      help: "Changes in Matrix, by kind, and by result: done, failed, dryRun",
      labelNames: ["kind", "result"] as const,
      registers,
    }),
    refusals: new Counter({
      name: "directory_sync_refusals_total",
      help: "What was not done because the directory looks broken, or a room is not ours",
      labelNames: ["reason"] as const,
      registers,
    }),
    refused: new Gauge({
      name: "directory_sync_refused",
      help: "What the last comparison refused to do",
      labelNames: ["reason"] as const,
      registers,
    }),
    people: new Gauge({ name: "directory_sync_people", help: "People in the directory", registers }),
    groups: new Gauge({ name: "directory_sync_groups", help: "Groups in the directory", registers }),
    accounts: new Gauge({
      name: "directory_sync_accounts",
      help: "Accounts of people of the directory: active, deactivated; and other ones",
      labelNames: ["state"] as const,
      registers,
    }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
