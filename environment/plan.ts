import type { BackupPlan, PlannedBackup } from "./backup-plan.ts";
import { backupPlan } from "./backup-plan.ts";
import type { Environment } from "./environment.ts";
import type { IdentityPlan, PlannedIdentity } from "./identity-plan.ts";
import { identityPlan, keycloakConnections } from "./identity-plan.ts";
import type { KafkaPlan, PlannedArchive, PlannedKafka } from "./kafka-plan.ts";
import { kafkaPlan } from "./kafka-plan.ts";
import type { ObservabilityPlan, PlannedObservability } from "./observability-plan.ts";
import { observabilityPlan } from "./observability-plan.ts";
import { leastMemoryMiB, postgresParameters, RESERVED_CONNECTIONS } from "./postgres-parameters.ts";
import {
  clamp,
  DATABASE_GIB_PER_USER,
  EDGE_CPUS,
  interpolate,
  MEDIA_GIB_PER_USER,
  POSTGRES_CPUS,
  POSTGRES_MEMORY_MIB,
  roundCpus,
  roundUp,
  SYNAPSE_CONNECTIONS,
  SYNAPSE_CPUS,
  SYNAPSE_MEMORY_MIB,
} from "./sizing.ts";
import {
  CNPG_RESOURCES,
  ESS_SIZING,
  HAPROXY_MEMORY,
  MATTERMOST_SIZING,
  POSTGRES_MEMORY,
  SYNAPSE_CACHES,
} from "./sources.ts";

/** What one part of the environment gets. */
export interface PartPlan {
  /** Pods that run at a time. */
  readonly replicas: number;
  /** Processors that each pod is guaranteed, in cores; there is no upper limit. */
  readonly cpus: number;
  /** Memory that each pod is guaranteed and limited to, in MiB. */
  readonly memoryMiB: number;
  /** Volume of each pod, in GiB. @default none */
  readonly storageGiB?: number;
  /** Why it is so much. */
  readonly why: string;
  /** Who says so. */
  readonly sources: readonly string[];
}

export interface PostgresPlan extends PartPlan {
  /** Instances of the cluster: one primary, the others standbys. Equal to `replicas`. */
  readonly instances: number;
  readonly storageGiB: number;
  readonly maxConnections: number;
  /** PostgreSQL parameters as the operator takes them, the operator's own ones not among them. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface SynapsePlan extends PartPlan {
  /** Volume for media, in GiB. */
  readonly storageGiB: number;
  /** Connections to PostgreSQL that each process keeps at least (`cp_min`) and opens at most (`cp_max`). */
  readonly connections: { readonly min: number; readonly max: number };
  readonly caches: {
    /** `caches.global_factor` */
    readonly globalFactor: number;
    /** `event_cache_size` */
    readonly eventCacheSize: number;
    /** `caches.cache_autotuning`: memory at which entries are evicted, and down to which, in MiB. */
    readonly maxMemoryMiB: number;
    readonly targetMemoryMiB: number;
  };
  /** Worker processes beside the main one. */
  readonly workers: number;
}

export interface EdgePlan extends PartPlan {
  /** Connections of users that each pod accepts (`maxconn`). */
  readonly maxConnections: number;
}

/** What the settings amount to. Data only: it can be printed, compared and tested. */
export interface Plan {
  readonly users: number;
  readonly availability: "single" | "ha";
  /** Whether replicas of one part must run on different nodes, or only should. */
  readonly spread: "required" | "preferred";
  readonly postgres: PostgresPlan;
  /** The CloudNativePG operator; no pods when the cluster's own is used. */
  readonly operator: PartPlan;
  readonly synapse: SynapsePlan;
  readonly web: PartPlan;
  readonly edge: EdgePlan;
  /** @default accounts are the homeserver's own, and need nothing */
  readonly identity?: IdentityPlan;
  /** @default there is none */
  readonly kafka?: KafkaPlan;
  /** @default there is no object store, or it is somebody else's */
  readonly backup?: BackupPlan;
  /** @default nothing is watched */
  readonly observability?: ObservabilityPlan;
  /** Over all pods. */
  readonly total: { readonly cpus: number; readonly memoryMiB: number; readonly storageGiB: number };
}

const WEB = { cpus: 0.02, memoryMiB: 64 };
const OPERATOR = { cpus: 0.1, memoryMiB: 200 };
/** Devices that are connected at a time, for each user, and connections of each. */
const CONNECTIONS_PER_USER = 4;
/** Two buffers of 16 KiB at each side, and TLS, for a connection through HAProxy, in MiB. */
const EDGE_CONNECTION_MIB = 0.1;

/** Computes what the environment amounts to. */
export function planOf(environment: PlannedSettings): Plan {
  const { users, availability } = environment;
  const identity = identityPlan(users, availability, environment.identity);
  const described = environment.fleet !== undefined && environment.cluster.kind === "kubeconfig";
  const observability = observabilityPlan(users, availability, environment.observability, described);
  const kafka = kafkaPlan(users, availability, environment.kafka, {
    ...environment.archive,
    maxUploadMiB: environment.im.media.maxUploadMiB,
  });
  const backup = backupPlan(users, environment.backup);
  const parts = {
    postgres: postgresPlan(environment, keycloakConnections(identity)),
    operator: operatorPlan(environment),
    synapse: synapsePlan(environment),
    web: { ...WEB, replicas: replicas(environment, 2), why: "static files", sources: [] },
    edge: edgePlan(environment),
  };
  const spread = availability === "ha" && environment.cluster.kind === "kubeconfig" ? "required" : "preferred";
  const optional = {
    ...(identity && { identity }),
    ...(kafka && { kafka }),
    ...(backup && { backup }),
    ...(observability && { observability }),
  };
  const total = totalOf([...Object.values(parts), ...Object.values(optional).flatMap<PartPlan>(Object.values)]);
  return { users, availability, spread, ...parts, ...optional, total };
}

/** Which of the parts that not every environment has there are: what rules and dashboards are about. */
export function partsOf({ availability, identity, kafka, backup, observability }: Plan) {
  return {
    ha: availability === "ha",
    identity: identity !== undefined,
    keycloak: identity?.keycloak !== undefined,
    embeddedDirectory: identity?.directory !== undefined,
    kafka: kafka !== undefined,
    capture: kafka?.captureWorkers !== undefined,
    archive: kafka?.archive !== undefined,
    objectStore: backup !== undefined,
    bulk: kafka?.bulk !== undefined,
    /** The machines are described, and tell of themselves. */
    servers: observability !== undefined && observability.nodeExporter === undefined,
    logs: observability?.loki !== undefined,
  };
}

/** The settings that the plan is computed from. */
export type PlannedSettings = Pick<Environment, "users" | "availability" | "postgres"> & {
  readonly cluster: Pick<Environment["cluster"], "kind">;
  readonly im: Pick<Environment["im"], "memoryMiB" | "cpus" | "media">;
  readonly localStorage?: Environment["localStorage"];
  readonly fleet?: Environment["fleet"];
  readonly identity: PlannedIdentity;
  readonly kafka: PlannedKafka;
  readonly backup: PlannedBackup;
  readonly archive: Pick<PlannedArchive, "kind" | "memoryMiB">;
  readonly observability: PlannedObservability;
};

function replicas({ availability }: PlannedSettings, whenHa: number): number {
  return availability === "ha" ? whenHa : 1;
}

/** @param further connections of others than Synapse */
function postgresPlan(environment: PlannedSettings, further: number): PostgresPlan {
  const { users, postgres } = environment;
  const instances = replicas(environment, 3);
  const storageGiB =
    environment.localStorage?.postgres.claimGiB ?? postgres.storageGiB ?? Math.ceil(5 + users * DATABASE_GIB_PER_USER);
  const maxConnections =
    postgres.maxConnections ?? roundUp(2 * synapseConnections(users) + further + RESERVED_CONNECTIONS + 10, 10);
  const leastMiB = further === 0 ? 0 : leastMemoryMiB(maxConnections);
  const memoryMiB = postgres.memoryMiB ?? roundUp(Math.max(interpolate(POSTGRES_MEMORY_MIB, users), leastMiB), 64);
  return {
    replicas: instances,
    instances,
    cpus: postgres.cpus ?? roundCpus(interpolate(POSTGRES_CPUS, users)),
    memoryMiB,
    storageGiB,
    maxConnections,
    parameters: {
      ...postgresParameters({ memoryMiB, storageGiB, maxConnections, users }),
      ...postgres.parameters,
    },
    why: "Element's sizing without federation, between its steps",
    sources: [ESS_SIZING, POSTGRES_MEMORY],
  };
}

function operatorPlan(environment: PlannedSettings): PartPlan {
  // With one replica, a failover waits until the operator's pod has moved off the node that died.
  const pods = environment.postgres.operator === "managed" ? replicas(environment, 2) : 0;
  return { ...OPERATOR, replicas: pods, why: "the limits of its own release", sources: [CNPG_RESOURCES] };
}

function synapsePlan({ users, im, localStorage }: PlannedSettings): SynapsePlan {
  const memoryMiB = im.memoryMiB ?? roundUp(interpolate(SYNAPSE_MEMORY_MIB, users), 64);
  const max = synapseConnections(users);
  return {
    replicas: 1,
    cpus: im.cpus ?? roundCpus(interpolate(SYNAPSE_CPUS, users)),
    memoryMiB,
    storageGiB:
      localStorage?.media.claimGiB ?? im.media.storageGiB ?? Math.ceil(Math.max(users * MEDIA_GIB_PER_USER, 5)),
    connections: { min: Math.ceil(max / 3), max },
    caches: {
      globalFactor: clamp(Math.round(memoryMiB / 20.48) / 100, 0.5, 10),
      eventCacheSize: Math.max(10_000, Math.floor(memoryMiB / 1024) * 10_000),
      maxMemoryMiB: Math.floor(memoryMiB * 0.6),
      targetMemoryMiB: Math.floor(memoryMiB * 0.5),
    },
    workers: 0,
    why: `Element's sizing for one process; files of a year at 25 MB a month, twice`,
    sources: [ESS_SIZING, SYNAPSE_CACHES, MATTERMOST_SIZING],
  };
}

/** Connections that Synapse's process opens at most. */
export function synapseConnections(users: number): number {
  return Math.ceil(interpolate(SYNAPSE_CONNECTIONS, users));
}

function edgePlan(environment: PlannedSettings): EdgePlan {
  const { users } = environment;
  const maxConnections = Math.max(500, users * CONNECTIONS_PER_USER);
  return {
    // One pod must carry everybody when the other is gone, so its size does not depend on their number.
    replicas: replicas(environment, 2),
    cpus: roundCpus(interpolate(EDGE_CPUS, users)),
    memoryMiB: roundUp(64 + maxConnections * EDGE_CONNECTION_MIB, 64),
    maxConnections,
    why: `${CONNECTIONS_PER_USER} connections a user, buffers and TLS for each`,
    sources: [HAPROXY_MEMORY],
  };
}

function totalOf(parts: readonly PartPlan[]): Plan["total"] {
  const sum = (size: (part: PartPlan) => number) => parts.reduce((all, part) => all + part.replicas * size(part), 0);
  return {
    cpus: roundCpus(sum((part) => part.cpus)),
    memoryMiB: sum((part) => part.memoryMiB),
    storageGiB: sum((part) => part.storageGiB ?? 0),
  };
}
