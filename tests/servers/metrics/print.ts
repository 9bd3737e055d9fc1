/**
 * Prints what a described machine tells, and what an audit of it adds, for the record of metrics:
 * `node tests/servers/metrics/print.ts | node tests/observability/record.ts node "where it was scraped"`.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { office, single } from "../../../components/servers/testing.ts";
import { prometheusText } from "../../../tools/server-audit/report/prometheus.ts";
import { eventually } from "../../cluster/command.ts";
import { metricsClient, metricsIdentity } from "../metrics-identity.ts";
import { Exporter } from "./exporter.ts";

const exporter = await Exporter.prepare(office, single, metricsIdentity("127.0.0.1"));
try {
  await exporter.writeMetrics();
  const difference = {
    area: "access",
    subject: "sshd port",
    severity: "warning",
    setting: "roost:servers.ssh.port",
    expected: "22",
    remedy: "",
    outcome: { kind: "differs", found: "2222" },
  } as const;
  const audit = { server: office.name, checks: [difference] };
  writeFileSync(join(exporter.server.telemetry.textfileDirectory, "audit.prom"), prometheusText([audit], new Date()));
  await exporter.start();
  process.stdout.write(await eventually("node exporter", 30, () => exporter.ask(metricsClient)));
} finally {
  await exporter.remove();
}
