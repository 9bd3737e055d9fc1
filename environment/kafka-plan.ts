import type { PartPlan } from "./plan.ts";
import type { SizePoint } from "./sizing.ts";
import { clamp, interpolate, roundCpus, roundUp } from "./sizing.ts";
import { KAFKA_HARDWARE, KAFKA_JAVA } from "./sources.ts";

/** A node of Kafka. */
export interface KafkaNodePlan extends PartPlan {
  /** Volume of each node, in GiB. */
  readonly storageGiB: number;
  /** Heap of the virtual machine, in MiB. */
  readonly heapMiB: number;
}

export interface KafkaPlan {
  readonly brokers: KafkaNodePlan;
  /** What says beside each broker when it is ready, and may stop. */
  readonly guards: PartPlan;
  /** The quorum, where it is apart. @default the one broker is its own */
  readonly controllers?: KafkaNodePlan;
  /** Workers of Kafka Connect. @default nothing is captured */
  readonly captureWorkers?: CaptureWorkersPlan;
  /** What looks after connectors beside each worker. @default nothing is captured */
  readonly captureWatchers?: PartPlan;
  /** What makes events of one model out of it. @default nothing is captured */
  readonly events?: PartPlan;
  /** What archives these. @default nothing is archived */
  readonly archive?: PartPlan;
  /** What brings messages of programs into rooms. @default there are none */
  readonly bulk?: PartPlan;
}

/** The settings of the archive that it is computed from. */
export interface PlannedArchive {
  readonly kind: "off" | "on";
  readonly memoryMiB?: number | undefined;
  /** Largest file that people can send, in MiB. */
  readonly maxUploadMiB: number;
}

export interface CaptureWorkersPlan extends PartPlan {
  /** Heap of the virtual machine, in MiB. */
  readonly heapMiB: number;
}

/** The settings of change capture that it is computed from. */
export type PlannedCapture =
  | { readonly kind: "off" }
  | { readonly kind: "on"; readonly memoryMiB?: number | undefined; readonly cpus?: number | undefined };

/** The settings that it is computed from. */
export type PlannedKafka =
  | { readonly kind: "off" }
  | {
      readonly kind: "embedded";
      readonly brokers?: number | undefined;
      readonly retentionHours: number;
      readonly storageGiB?: number | undefined;
      readonly memoryMiB?: number | undefined;
      readonly cpus?: number | undefined;
      readonly changeCapture: PlannedCapture;
      readonly bulk: { readonly kind: "off" | "on" };
    };

/**
 * Memory of a broker, in MiB: heap, some 200 MiB of the virtual machine's own, and pages of the log for thirty seconds of writes, as
 * Kafka's project advises. All of 10,000 people write less than 2 MiB in these.
 */
const BROKER_MEMORY_MIB: readonly SizePoint[] = [
  [1, 768],
  [100, 1024],
  [2500, 2048],
  [10_000, 4096],
];

/** Processors of a broker: TLS and copying; a hundred records a second are nothing to it. */
const BROKER_CPUS: readonly SizePoint[] = [
  [1, 0.1],
  [100, 0.15],
  [2500, 0.5],
  [10_000, 1],
];

/**
 * What a person's events take in a day, in GiB: some 20 messages a day at 3 KiB, with what else happens in rooms twice that, and
 * twice over, as captured and as made of it.
 */
const GIB_PER_USER_DAY = (20 * 3 * 2 * 2) / 2 ** 20;

/** Segments that are still open, indexes, and the cluster's own log. */
const BASE_GIB = 2;

export function kafkaPlan(
  users: number,
  availability: "single" | "ha",
  kafka: PlannedKafka,
  archive: PlannedArchive,
): KafkaPlan | undefined {
  if (kafka.kind === "off") return undefined;
  const memoryMiB = kafka.memoryMiB ?? roundUp(interpolate(BROKER_MEMORY_MIB, users), 64);
  const days = kafka.retentionHours / 24;
  const brokers: KafkaNodePlan = {
    replicas: availability === "ha" ? (kafka.brokers ?? 3) : 1,
    cpus: kafka.cpus ?? roundCpus(interpolate(BROKER_CPUS, users)),
    memoryMiB,
    heapMiB: heapOf(memoryMiB),
    // A fifth stays free, for a copy that is moved.
    storageGiB: kafka.storageGiB ?? Math.ceil((BASE_GIB + users * days * GIB_PER_USER_DAY) / 0.8),
    why: `events of ${days} days at ${GIB_PER_USER_DAY.toFixed(5)} GiB a person and day; heap two fifths of the memory`,
    sources: [KAFKA_HARDWARE, KAFKA_JAVA],
  };
  const guards: PartPlan = {
    replicas: brokers.replicas,
    cpus: 0.02,
    memoryMiB: 160,
    why: "Node.js, and a list of all partitions",
    sources: [],
  };
  const around = {
    ...capturePlan(availability, kafka.changeCapture),
    ...archivePlan(archive),
    ...(kafka.bulk.kind === "on" && { bulk: BULK }),
  };
  if (availability === "single") return { brokers, guards, ...around };
  return {
    brokers,
    guards,
    ...around,
    controllers: {
      replicas: 3,
      cpus: 0.05,
      memoryMiB: 512,
      heapMiB: heapOf(512),
      storageGiB: 1,
      why: "a quorum of three; its log is of topics and brokers, not of records",
      sources: [KAFKA_HARDWARE],
    },
  };
}

/** One pod, in "ha" too: the pace is one program's. */
const BULK: PartPlan = {
  replicas: 1,
  cpus: 0.05,
  memoryMiB: 256,
  why: "Node.js, and 256 KiB of each sender at a time",
  sources: [],
};

function heapOf(memoryMiB: number): number {
  return clamp(Math.floor((memoryMiB * 0.4) / 16) * 16, 192, 6144);
}

/** One worker reads; where all is there twice, another waits to take over. */
function capturePlan(
  availability: "single" | "ha",
  capture: PlannedCapture,
): Pick<KafkaPlan, "captureWorkers" | "captureWatchers" | "events"> {
  if (capture.kind === "off") return {};
  const replicas = availability === "ha" ? 2 : 1;
  const memoryMiB = capture.memoryMiB ?? 640;
  return {
    captureWorkers: {
      replicas,
      cpus: capture.cpus ?? 0.1,
      memoryMiB,
      heapMiB: heapOf(memoryMiB),
      why: "rows on their way, 16 MiB at most; as much again as its heap is the virtual machine's own",
      sources: [KAFKA_JAVA],
    },
    captureWatchers: { replicas, cpus: 0.02, memoryMiB: 128, why: "Node.js", sources: [] },
    events: { replicas, cpus: 0.05, memoryMiB: 256, why: "Node.js, and 500 events at a time", sources: [] },
  };
}

/** One, since two would write one chain. A file is in memory as a whole, once as it came and once as it goes. */
function archivePlan(archive: PlannedArchive): Pick<KafkaPlan, "archive"> {
  if (archive.kind === "off") return {};
  const memoryMiB = archive.memoryMiB ?? roundUp(384 + 2 * archive.maxUploadMiB, 64);
  const why = `Node.js, 16 MiB of events at a time, and twice a file of ${archive.maxUploadMiB} MiB`;
  return { archive: { replicas: 1, cpus: 0.1, memoryMiB, why, sources: [] } };
}
