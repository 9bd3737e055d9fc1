import { clusterRule } from "./clusters.ts";

export const metricsTls = clusterRule({
  id: "postgres-metrics-tls",
  title: "PostgreSQL's metrics are read over TLS",
  why: "They name databases, roles, addresses of clients and versions, which is what an intruder looks for first. Over TLS the monitoring also knows that it asks the right server.",
  fix: "Set `monitoring.tls.enabled: true`, and have Prometheus verify the certificate.",
  severity: "low",
  controls: { nsa: ["network/encryption"], iso: ["A.8.21"], gbt: ["8.1.2.2 b)"] },
  check({ monitoring }, report) {
    if (monitoring?.tls?.enabled !== true) report("the metrics are served without TLS");
  },
});
