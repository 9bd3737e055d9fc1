import type { MonitoringCost } from "../../environment/index.ts";
import type { Figure } from "../figures.ts";
import type { Monitoring } from "./monitoring.ts";

const SELF = 'job="prometheus", pod="prometheus-0"';
const MIB = 2 ** 20;
const DAY_SECONDS = 86_400;

type Name =
  | "monitoring_series"
  | "monitoring_samples_per_second"
  | "monitoring_disk_mib_a_day"
  | "prometheus_memory_mib";

/** What watching the environment costs, by its own Prometheus, each beside what the plan counts with. */
export async function costOf(monitoring: Monitoring, planned: MonitoringCost): Promise<Readonly<Record<Name, Figure>>> {
  const series = await monitoring.value(`prometheus_tsdb_head_series{${SELF}}`);
  const memory = await monitoring.value(`process_resident_memory_bytes{${SELF}}`);
  const limit = await monitoring.value(
    'max(kube_pod_container_resource_limits{job="kube-state-metrics", pod="prometheus-0", resource="memory"})',
  );
  const appended = `prometheus_tsdb_head_samples_appended_total{${SELF}, type="float"}`;
  const perSecond = await monitoring.value(`rate(${appended}[2m])`);
  const bytes = await bytesPerSample(monitoring);
  const figure = (value: number, unit: Figure["unit"], note: string): Figure => ({ value, unit, n: 1, note });
  const plan = (value: number) => `the plan counts with ${Math.round(value)}`;
  return {
    monitoring_series: figure(series, "count", plan(planned.series)),
    monitoring_samples_per_second: figure(perSecond, "1/s", plan(planned.samplesPerSecond)),
    monitoring_disk_mib_a_day: figure(
      (perSecond * DAY_SECONDS * (bytes ?? plannedBytes(planned))) / MIB,
      "MiB",
      `${plan(planned.diskMiBPerDay)}; ${
        bytes === undefined
          ? "no block has been written yet, so that each sample counts for what the plan gives it"
          : `${bytes.toPrecision(2)} bytes a sample in its blocks`
      }`,
    ),
    prometheus_memory_mib: figure(memory / MIB, "MiB", `it may have ${Math.round(limit / MIB)}`),
  };
}

/** What a sample took in the chunks of the blocks so far: the first one is written after two to three hours. */
async function bytesPerSample(monitoring: Monitoring): Promise<number | undefined> {
  const chunks = (what: string) => `sum(prometheus_tsdb_compaction_chunk_${what}_sum{${SELF}})`;
  const bytes = await monitoring.value(`${chunks("size_bytes")} / ${chunks("samples")}`);
  return Number.isFinite(bytes) && bytes > 0 ? bytes : undefined;
}

function plannedBytes({ samplesPerSecond, diskMiBPerDay }: MonitoringCost): number {
  return (diskMiBPerDay * MIB) / (samplesPerSecond * DAY_SECONDS);
}
