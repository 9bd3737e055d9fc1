import type { PartPlan } from "./plan.ts";
import { roundUp } from "./sizing.ts";
import { COLLECTOR_RESILIENCY, LOKI_RETENTION, PROMETHEUS_STORAGE } from "./sources.ts";

export interface PrometheusPlan extends PartPlan {
  /** Volume of each, in GiB. */
  readonly storageGiB: number;
  readonly retentionDays: number;
  /** Size of the blocks at which the oldest go, in MiB: the rest of the volume is for the WAL and for compaction. */
  readonly retentionMiB: number;
}

export interface LokiPlan extends PartPlan {
  /** Volume of each, in GiB. */
  readonly storageGiB: number;
  readonly retentionDays: number;
}

export interface LogCollectorPlan extends PartPlan {
  /** What each keeps on its node's disk for each Loki that it cannot reach, in MiB. */
  readonly bufferMiB: number;
}

/** What watching takes. */
export interface ObservabilityPlan {
  readonly prometheus: PrometheusPlan;
  readonly alertmanager: PartPlan;
  readonly kubeStateMetrics: PartPlan;
  readonly blackboxExporter: PartPlan;
  readonly probe: PartPlan;
  /**
   * One on every node that pods may run on; their number is the cluster's affair, and one is counted.
   * @default the machines are described, and have one of their own
   */
  readonly nodeExporter?: PartPlan;
  /** @default logs are not kept */
  readonly loki?: LokiPlan;
  /** One on every node, as node exporter is. @default logs are not collected */
  readonly logCollector?: LogCollectorPlan;
  /** @default there is none */
  readonly grafana?: PartPlan;
}

/** The settings of logs that it is computed from. */
type PlannedLogs =
  | { readonly kind: "off" }
  | {
      readonly kind: "on";
      readonly retentionDays: number;
      readonly bufferMiB: number;
      readonly storageGiB?: number | undefined;
      readonly memoryMiB?: number | undefined;
    };

/** The settings that it is computed from. */
export type PlannedObservability =
  | { readonly kind: "off" }
  | {
      readonly kind: "on";
      readonly retentionDays: number;
      readonly storageGiB?: number | undefined;
      readonly memoryMiB?: number | undefined;
      readonly cpus?: number | undefined;
      readonly logs: PlannedLogs;
      readonly grafana: { readonly kind: "on" | "off" };
    };

/** Seconds between two looks at a target. */
export const SCRAPE_SECONDS = 15;

/**
 * Series that are written at a time: they follow from how many pods there are, not from how many people. Counted on an
 * environment without single sign-on and with it, and rounded up.
 */
const SERIES = { single: 15_000, ha: 40_000 } as const;

/** What the plan counts with, to be compared with what is measured. */
export interface MonitoringCost {
  readonly series: number;
  readonly samplesPerSecond: number;
  /** Of one Prometheus. */
  readonly diskMiBPerDay: number;
}

/** Prometheus' own figure is 1 to 2 bytes a sample, after compression. */
const BYTES_PER_SAMPLE = 2;

/** Memory of Prometheus without series, and with a dashboard's queries going on, in MiB. */
const BASE_MIB = 128;

/** Memory of a series in the head: labels, index, and a chunk in memory. */
const KIB_PER_SERIES = 8;

/** Share of the volume that blocks may take: Prometheus' own advice is to leave a fifth. */
const SHARE_OF_BLOCKS = 0.8;

/**
 * Lines of one person a day, in MiB: about 4,000 requests, each with a line of 350 bytes from the edge. An estimate: what an
 * environment really writes is `loki_distributor_bytes_received_total`.
 */
const LOG_MIB_PER_USER = 1.3;

/** What all programs write a day, however many people there are, in MiB. An estimate too. */
const LOG_BASE_MIB = { single: 100, ha: 250 } as const;

/** Lines that are much alike: Loki's chunks take a tenth to a fifth of them. The worse is counted. */
const LOG_COMPRESSION = 5;

/** Loki without queries: its index, what it has not written yet, and caches, in MiB. */
const LOKI_BASE_MIB = 256;

export function monitoringCost(availability: "single" | "ha"): MonitoringCost {
  const series = SERIES[availability];
  const samplesPerSecond = series / SCRAPE_SECONDS;
  return { series, samplesPerSecond, diskMiBPerDay: (samplesPerSecond * BYTES_PER_SAMPLE * 86_400) / 2 ** 20 };
}

/** @param described whether the cluster's machines are, which then have an exporter of their own */
export function observabilityPlan(
  users: number,
  availability: "single" | "ha",
  observability: PlannedObservability,
  described: boolean,
): ObservabilityPlan | undefined {
  if (observability.kind === "off") return undefined;
  const { retentionDays } = observability;
  const { series, diskMiBPerDay } = monitoringCost(availability);
  const replicas = availability === "ha" ? 2 : 1;
  const storageGiB = observability.storageGiB ?? neededGiB(diskMiBPerDay, retentionDays);
  return {
    prometheus: {
      replicas,
      cpus: observability.cpus ?? (availability === "ha" ? 0.2 : 0.1),
      memoryMiB: observability.memoryMiB ?? roundUp(BASE_MIB + (series * KIB_PER_SERIES) / 1024, 64),
      storageGiB,
      retentionDays,
      retentionMiB: Math.floor(storageGiB * 1024 * SHARE_OF_BLOCKS),
      why: `${series} series each ${SCRAPE_SECONDS} s for ${retentionDays} days, at ${BYTES_PER_SAMPLE} bytes a sample`,
      sources: [PROMETHEUS_STORAGE],
    },
    alertmanager: {
      replicas,
      cpus: 0.02,
      memoryMiB: 64,
      storageGiB: 1,
      why: "alerts, silences, who was told",
      sources: [],
    },
    kubeStateMetrics: {
      replicas,
      cpus: 0.02,
      memoryMiB: 96,
      why: "objects of the environment's namespaces",
      sources: [],
    },
    blackboxExporter: { replicas, cpus: 0.02, memoryMiB: 48, why: "asks for each public name", sources: [] },
    probe: {
      replicas: 1,
      cpus: 0.02,
      memoryMiB: 112,
      why: "two accounts that talk, whatever the number of people",
      sources: [],
    },
    ...(!described && {
      nodeExporter: { replicas: 1, cpus: 0.02, memoryMiB: 48, why: "one on every node", sources: [] },
    }),
    ...(observability.logs.kind === "on" && logsPlan(users, availability, observability.logs)),
    ...(observability.grafana.kind === "on" && {
      // One, in ha too: who has signed in at one is unknown to another, and nobody chats by it.
      grafana: { replicas: 1, cpus: 0.1, memoryMiB: 384, why: "dashboards for a few who look", sources: [] },
    }),
  };
}

function logsPlan(
  users: number,
  availability: "single" | "ha",
  logs: Extract<PlannedLogs, { kind: "on" }>,
): Required<Pick<ObservabilityPlan, "loki" | "logCollector">> {
  const { retentionDays, bufferMiB } = logs;
  const mibPerDay = Math.ceil(LOG_BASE_MIB[availability] + users * LOG_MIB_PER_USER);
  return {
    loki: {
      replicas: availability === "ha" ? 2 : 1,
      cpus: 0.03,
      // What is read and written grows with the lines: a twentieth of a day's.
      memoryMiB: logs.memoryMiB ?? roundUp(LOKI_BASE_MIB + mibPerDay / 20, 64),
      // The WAL, and what the compactor has marked and not removed yet, take a GiB.
      storageGiB: logs.storageGiB ?? Math.ceil((mibPerDay * retentionDays) / LOG_COMPRESSION / 1024) + 1,
      retentionDays,
      why: `${mibPerDay} MiB of lines a day for ${retentionDays} days, compressed to a fifth`,
      sources: [LOKI_RETENTION],
    },
    logCollector: {
      replicas: 1,
      cpus: 0.02,
      memoryMiB: 128,
      bufferMiB,
      why: `one on every node, ${bufferMiB} MiB of its disk for each Loki`,
      sources: [COLLECTOR_RESILIENCY],
    },
  };
}

function neededGiB(diskMiBPerDay: number, days: number): number {
  return Math.ceil((diskMiBPerDay * days) / 1024 / SHARE_OF_BLOCKS) + 1;
}
