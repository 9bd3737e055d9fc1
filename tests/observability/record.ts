/**
 * Records which metrics programs expose, for `components/observability/metrics`:
 *
 *     node tests/observability/record.ts --namespace <namespace> [job…]        asks the targets of a running environment
 *     node tests/observability/record.ts <job> "<where it was scraped>" < scrape.txt
 *
 * The first one goes through the embedded cluster; `CHAPTERS=sso-up` leaves such an environment up.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { fromExposition, type MetricNames, toRecord } from "../../components/observability/metrics/recorded.ts";
import { exposedBy, metricsOf } from "../cluster/exposed.ts";
import { kubectl } from "../cluster/kubectl.ts";
import { Monitoring } from "../cluster/monitoring.ts";

const FOLDER = join(import.meta.dirname, "../../components/observability/metrics");

const { values, positionals } = parseArgs({ options: { namespace: { type: "string" } }, allowPositionals: true });
const [job, origin] = positionals;

if (values.namespace !== undefined) {
  const found = await liveMetrics(values.namespace, positionals);
  const unknown = positionals.filter((name) => !found.has(name));
  if (unknown.length > 0) throw new Error(`${unknown.join(", ")}: not watched there`);
  for (const [name, metrics] of found)
    write(name, metrics, "Recorded from what its targets in a running environment expose.");
} else if (job !== undefined && origin !== undefined) {
  write(job, fromExposition(await text(process.stdin)), origin);
} else {
  process.stderr.write("usage: record.ts --namespace <namespace> [job…] | record.ts <job> <origin> < scrape\n");
  process.exitCode = 2;
}

function write(name: string, metrics: MetricNames, where: string): void {
  writeFileSync(join(FOLDER, `${name}.txt`), toRecord(metrics, where));
  process.stdout.write(`${name}: ${metrics.size} metrics\n`);
}

async function liveMetrics(namespace: string, jobs: readonly string[]): Promise<ReadonlyMap<string, MetricNames>> {
  const folder = mkdtempSync(join(tmpdir(), "roost-record-"));
  const caFile = join(folder, "ca.crt");
  const authority = ["get", "configmap", "roost-ca", "-n", namespace, "-o", "jsonpath={.data.ca\\.crt}"];
  writeFileSync(caFile, await kubectl(authority));
  const monitoring = new Monitoring(namespace, caFile);
  try {
    await monitoring.start();
    return metricsOf(await exposedBy(monitoring, caFile, jobs));
  } finally {
    monitoring.stop();
    rmSync(folder, { recursive: true });
  }
}
