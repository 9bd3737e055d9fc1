import type { PartPlan } from "./plan.ts";
import type { SizePoint } from "./sizing.ts";
import { interpolate, roundCpus, roundUp } from "./sizing.ts";
import { KEYCLOAK_SIZING, OPENLDAP_MDB } from "./sources.ts";

export interface KeycloakPlan extends PartPlan {
  /** Connections to PostgreSQL that each pod keeps at least (`db-pool-min-size`) and opens at most (`db-pool-max-size`). */
  readonly connections: { readonly min: number; readonly max: number };
}

export interface DirectoryPlan extends PartPlan {
  /** Volume of each server, in GiB. */
  readonly storageGiB: number;
}

/** What people's accounts need, where they are the organisation's. */
export interface IdentityPlan {
  /** The environment's own Keycloak. @default the provider is outside */
  readonly keycloak?: KeycloakPlan;
  /** The environment's own directory. @default it is outside */
  readonly directory?: DirectoryPlan;
  readonly directorySync: PartPlan;
}

/** The settings that it is computed from. */
export type PlannedIdentity =
  | { readonly kind: "local" }
  | {
      readonly kind: "sso";
      readonly directory:
        | { readonly kind: "embedded"; readonly storageGiB?: number | undefined }
        | { readonly kind: "external" };
      readonly provider:
        | { readonly kind: "keycloak"; readonly memoryMiB?: number | undefined; readonly cpus?: number | undefined }
        | { readonly kind: "external" };
    };

/**
 * Memory of a Keycloak, in MiB: its project measured 1,250 MB with the caches of a realm and 10,000 sessions, more than the
 * people of one environment have; few people need less heap.
 */
const KEYCLOAK_MEMORY_MIB: readonly SizePoint[] = [
  [1, 1024],
  [100, 1024],
  [500, 1280],
  [2500, 1536],
];

/** Processors of a Keycloak: one core for 15 sign-ins by password a second. All of 2,500 people in ten minutes are 4 a second. */
const KEYCLOAK_CPUS: readonly SizePoint[] = [
  [1, 0.1],
  [100, 0.1],
  [500, 0.25],
  [2500, 0.5],
];

/** Connections of a Keycloak to PostgreSQL: a sign-in holds one for some milliseconds. */
const KEYCLOAK_CONNECTIONS: readonly SizePoint[] = [
  [100, 10],
  [2500, 20],
];

/**
 * Memory of a directory server, in MiB: four passwords checked at a time by Argon2, of 19 MiB each, and the pages of its
 * database that are in use, some 10 KiB a person with all indexes.
 */
const DIRECTORY_MEMORY_MIB: readonly SizePoint[] = [
  [1, 192],
  [2500, 320],
];

/** Memory of the synchronisation, in MiB: Node.js, and everybody with their groups, twice. */
const SYNC_MEMORY_MIB: readonly SizePoint[] = [
  [1, 192],
  [2500, 320],
];

export function identityPlan(
  users: number,
  availability: "single" | "ha",
  identity: PlannedIdentity,
): IdentityPlan | undefined {
  if (identity.kind === "local") return undefined;
  const { directory, provider } = identity;
  const most = Math.ceil(interpolate(KEYCLOAK_CONNECTIONS, users));
  const replicas = availability === "ha" ? 2 : 1;
  return {
    ...(provider.kind === "keycloak" && {
      keycloak: {
        replicas,
        cpus: provider.cpus ?? roundCpus(interpolate(KEYCLOAK_CPUS, users)),
        memoryMiB: provider.memoryMiB ?? roundUp(interpolate(KEYCLOAK_MEMORY_MIB, users), 64),
        connections: { min: Math.ceil(most / 4), max: most },
        why: "Keycloak's own sizing: a realm's caches, everybody signing in within ten minutes",
        sources: [KEYCLOAK_SIZING],
      },
    }),
    ...(directory.kind === "embedded" && {
      directory: {
        replicas,
        cpus: 0.05,
        memoryMiB: roundUp(interpolate(DIRECTORY_MEMORY_MIB, users), 64),
        storageGiB: directory.storageGiB ?? 1,
        why: "four passwords checked at a time; a database of some 10 KiB a person, mapped into memory",
        sources: [OPENLDAP_MDB],
      },
    }),
    directorySync: {
      replicas,
      cpus: 0.05,
      memoryMiB: roundUp(interpolate(SYNC_MEMORY_MIB, users), 64),
      why: "everybody and their groups in memory; of two, one works and one waits",
      sources: [],
    },
  };
}

/** Connections to PostgreSQL of all Keycloaks together, with one more pod while a new version takes over. */
export function keycloakConnections(plan: IdentityPlan | undefined): number {
  return plan?.keycloak === undefined ? 0 : (plan.keycloak.replicas + 1) * plan.keycloak.connections.max;
}
