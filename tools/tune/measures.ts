/** What the last days were like, asked of Prometheus. */
import type { PrometheusApi } from "./prometheus.ts";

/** Of one container, the pods of a part taken together: the one that had the most. */
export interface ContainerUse {
  /** The most memory that it had, in MiB, without pages of files that nobody uses. */
  readonly memoryMiB: number;
  /** Of that, what cannot be given back, such as pages of files: what counts where a program fills its memory with these. */
  readonly residentMiB: number;
  /** Processors that it used in all but the busiest twentieth of the time, in cores. */
  readonly cpus: number;
}

export interface Measures {
  /** How far back there is anything, in days: the days that were asked for, at most. */
  readonly days: number;
  readonly containers: Readonly<Record<string, ContainerUse>>;
  readonly postgres?: {
    /** The most connections that one instance had at a time. */
    readonly connections: number;
    /** Share of reads that shared buffers answered. */
    readonly hitRatio: number;
    /** Reads that they did not answer, each second. */
    readonly readsPerSecond: number;
    /** Temporary files, in MiB a day: queries that had too little `work_mem`. */
    readonly temporaryMiBPerDay: number;
    /** Of all databases, in MiB. */
    readonly sizeMiB: number;
  };
  readonly synapse?: {
    /** Share of what its caches were asked for that was not there. */
    readonly missRatio: number;
    /** Entries that had to go for want of room, each second. */
    readonly evictedPerSecond: number;
    /** Waiting for a connection to the database, in all but the longest hundredth, in seconds. */
    readonly connectionWaitSeconds: number;
  };
  /** Connections of people, of those that each pod of the edge accepts: the most that there were. */
  readonly edgeConnections?: number;
  /** By the name of the claim. */
  readonly volumes: Readonly<Record<string, VolumeUse>>;
}

export interface VolumeUse {
  readonly sizeGiB: number;
  readonly usedGiB: number;
  /** How much more each day; less than nothing if it shrank. */
  readonly growthGiBPerDay: number;
}

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const CONTAINER = 'job="kubelet", container!=""';

/** @param days how far back to look */
export async function measure(api: PrometheusApi, days: number): Promise<Measures> {
  const range = `${days}d`;
  const number = async (promql: string) => (await api.query(promql)).map(({ value }) => value).find(Number.isFinite);
  const by = async (label: string, promql: string) =>
    Object.fromEntries((await api.query(promql)).map(({ labels, value }) => [labels[label] ?? "", value] as const));
  const most = (metric: string) => `max by (container) (max_over_time(${metric}{${CONTAINER}}[${range}]))`;

  const memory = await by("container", most("container_memory_working_set_bytes"));
  const resident = await by("container", most("container_memory_rss"));
  const cpus = await by(
    "container",
    `max by (container) (quantile_over_time(0.95, rate(container_cpu_usage_seconds_total{${CONTAINER}}[5m])[${range}:5m]))`,
  );
  const containers = Object.fromEntries(
    Object.entries(memory).map(([name, bytes]) => [
      name,
      { memoryMiB: bytes / MIB, residentMiB: (resident[name] ?? bytes) / MIB, cpus: cpus[name] ?? 0 },
    ]),
  );

  const oldest = await number(`max(count_over_time(up{job="postgres"}[${range}:5m])) / ${24 * 12}`);
  const connections = await number(
    `max(max_over_time(sum by (pod) (cnpg_backends_total{job="postgres"})[${range}:5m]))`,
  );
  const misses = `sum(rate(cnpg_pg_stat_database_blks_read{job="postgres"}[${range}]))`;
  const hits = `sum(rate(cnpg_pg_stat_database_blks_hit{job="postgres"}[${range}]))`;
  const asked = 'synapse_util_caches_cache{job="synapse"}';
  const missRatio = await number(
    `1 - sum(rate(synapse_util_caches_cache_hits{job="synapse"}[${range}])) / sum(rate(${asked}[${range}]))`,
  );
  const edgeConnections = await number(
    `max(max_over_time(haproxy_frontend_current_sessions{job="edge", proxy="users"}[${range}]))`,
  );
  return {
    days: Math.min(days, oldest ?? 0),
    containers,
    ...(connections !== undefined && {
      postgres: {
        connections,
        hitRatio: (await number(`${hits} / (${hits} + ${misses})`)) ?? 1,
        readsPerSecond: (await number(misses)) ?? 0,
        temporaryMiBPerDay:
          ((await number(`sum(rate(cnpg_pg_stat_database_temp_bytes{job="postgres"}[${range}])) * 86400`)) ?? 0) / MIB,
        sizeMiB: ((await number('sum(max by (datname) (cnpg_pg_database_size_bytes{job="postgres"}))')) ?? 0) / MIB,
      },
    }),
    ...(missRatio !== undefined && {
      synapse: {
        missRatio,
        evictedPerSecond:
          (await number(`sum(rate(synapse_util_caches_cache_evicted_size{job="synapse", reason="size"}[${range}]))`)) ??
          0,
        connectionWaitSeconds:
          (await number(
            `histogram_quantile(0.99, sum by (le) (rate(synapse_storage_schedule_time_bucket{job="synapse"}[${range}])))`,
          )) ?? 0,
      },
    }),
    ...(edgeConnections !== undefined && { edgeConnections }),
    volumes: await volumes(by, range),
  };
}

type By = (label: string, promql: string) => Promise<Readonly<Record<string, number>>>;

async function volumes(by: By, range: string): Promise<Readonly<Record<string, VolumeUse>>> {
  const claim = "persistentvolumeclaim";
  const of = (metric: string) => `max by (${claim}) (kubelet_volume_stats_${metric}{job="kubelet"})`;
  const size = await by(claim, of("capacity_bytes"));
  const used = await by(claim, of("used_bytes"));
  const growth = await by(
    claim,
    `max by (${claim}) (deriv(kubelet_volume_stats_used_bytes{job="kubelet"}[${range}])) * 86400`,
  );
  return Object.fromEntries(
    Object.entries(size).map(([name, bytes]) => [
      name,
      { sizeGiB: bytes / GIB, usedGiB: (used[name] ?? 0) / GIB, growthGiBPerDay: (growth[name] ?? 0) / GIB },
    ]),
  );
}
