import { serverRule } from "./server-rule.ts";

export const logsCollected = serverRule({
  id: "servers-logs-collected",
  title: "Logs of machines are sent to where whoever breaks in cannot change them",
  why: "The first thing that an intruder removes is what was logged. A copy elsewhere, kept as long as law asks, is evidence.",
  fix: "Name a collector at roost:servers.logs.collectorUrl, and keep logs for at least 180 days there or at roost:servers.logs.journalDays.",
  severity: "medium",
  enforcement: "advisory",
  controls: { nsa: ["audit/workers"], iso: ["A.8.15", "A.5.28"], gbt: ["8.1.4.3 c)", "8.1.5.4 d)"] },
  check({ telemetry: { collector } }, report) {
    if (collector.kind === "none") report("logs stay on the machine");
  },
});
