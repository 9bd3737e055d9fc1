import type { types } from "@pulumi/kubernetes";
import type { Configuration } from "../../../services/directory-sync/configuration.ts";
import type { Connection, Mount, Peer, ServiceSpec } from "../../network/index.ts";
import { configMapMount, runPacked, secretMount } from "../../network/index.ts";
import type { DirectoryConnection } from "../ldap.ts";
import type { Rights } from "../rights.ts";

/** How Matrix follows the directory. */
export interface SyncSettings {
  /** Seconds between two comparisons. */
  readonly intervalSeconds: number;
  /** More leavers than this at once are refused: the larger of a share in percent, and a number. */
  readonly maxLeavers: { readonly percent: number; readonly atLeast: number };
  /** Whether who comes back gets a new account, or the old one. */
  readonly rehire: "new" | "same";
  /** Whether it only says what it would do. */
  readonly dryRun: boolean;
  readonly actionsPerSecond: number;
}

/** The program's name: of its account in Matrix, its reader in the directory, its Lease and its pods. */
export const syncName = "directory-sync";
export const ports = { metrics: 9464 } as const;
export const objects = {
  program: "directory-sync-program",
  configuration: "directory-sync-config",
  secrets: "directory-sync-secrets",
  certificate: "directory-sync-tls",
} as const;
export const programFile = "main.cjs.gz";
export const configurationFile = "configuration.json";
export const secretFiles = { bindPassword: "bind-password", password: "password" } as const;

/** The account in the image `node`. */
const NODE_ID = 10001;
const folders = {
  program: "/program",
  configuration: "/configuration",
  secrets: "/secrets",
  certificate: "/tls",
  directoryAuthority: "/authorities/directory",
  homeserverAuthority: "/authorities/homeserver",
} as const;
/** What Node.js takes beside its heap, in MiB: 70 were measured with 5,000 people. */
const OUTSIDE_HEAP_MIB = 112;
/** Where Kubernetes puts what a pod needs for its API. */
const apiFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

export interface ConfigurationArgs {
  readonly namespace: string;
  readonly directory: Omit<DirectoryConnection, "bindPassword">;
  readonly homeserver: Connection;
  /** Name that people's identifiers end in. */
  readonly domain: string;
  /** Identifier of the program's own account. */
  readonly user: string;
  /** How Synapse calls the identity provider in external ids. */
  readonly authProvider: string;
  /** Largest file of those whose groups say nothing, in MiB. */
  readonly maxUploadMiB: number;
  /** Identifiers of accounts that are never touched. */
  readonly protectedAccounts: readonly string[];
  readonly rights: Rights;
  readonly sync: SyncSettings;
}

/** What the program is told. Secrets are files of their own. */
export function syncConfiguration(args: ConfigurationArgs): Configuration {
  const { directory, homeserver, namespace, rights } = args;
  const { intervalSeconds, maxLeavers, rehire, dryRun, actionsPerSecond } = args.sync;
  const { urls, bindDn, schema, peopleDn, groupsDn, pageSize, nestedGroups } = directory;
  return {
    directory: {
      ...{ bindDn, schema, peopleDn, groupsDn, pageSize, nestedGroups },
      urls: [...urls],
      bindPasswordFile: `${folders.secrets}/${secretFiles.bindPassword}`,
      ...(directory.caConfigMap !== undefined && { caFile: `${folders.directoryAuthority}/ca.crt` }),
      ...(directory.peopleFilter !== undefined && { peopleFilter: directory.peopleFilter }),
    },
    homeserver: {
      url: `https://${homeserver.host}:${homeserver.port}`,
      ...(homeserver.caConfigMap !== undefined && { caFile: `${folders.homeserverAuthority}/ca.crt` }),
      serverName: args.domain,
      localpart: args.user.replace(/^@/, "").replace(/:.*$/, ""),
      passwordFile: `${folders.secrets}/${secretFiles.password}`,
      authProvider: args.authProvider,
      maxUploadMiB: args.maxUploadMiB,
      protectedAccounts: [...args.protectedAccounts],
    },
    rights: writable(rights),
    sync: { intervalSeconds, maxLeavers: { ...maxLeavers }, rehire, dryRun, actionsPerSecond },
    lease: {
      url: "https://kubernetes.default.svc",
      namespace,
      name: syncName,
      tokenFile: `${apiFolder}/token`,
      caFile: `${apiFolder}/ca.crt`,
    },
    server: {
      port: ports.metrics,
      certificateFile: `${folders.certificate}/tls.crt`,
      keyFile: `${folders.certificate}/tls.key`,
    },
  };
}

function writable(rights: Rights): Configuration["rights"] {
  const audience = (each: Rights["signIn"]) => (each === "everyone" ? each : [...each]);
  const place = <T extends Rights["spaces"][string]>(each: T) => ({
    ...each,
    members: audience(each.members),
    moderators: [...each.moderators],
    administrators: [...each.administrators],
  });
  const each = <T, U>(places: Readonly<Record<string, T>>, change: (place: T) => U) =>
    Object.fromEntries(Object.entries(places).map(([alias, value]) => [alias, change(value)]));
  return {
    signIn: audience(rights.signIn),
    administrators: [...rights.administrators],
    createRooms: audience(rights.createRooms),
    uploads: { ...rights.uploads },
    spaces: each(rights.spaces, place),
    rooms: each(rights.rooms, place),
  };
}

export interface SyncWorkloadArgs {
  readonly peer: Peer;
  /** Image reference by digest. */
  readonly image: string;
  readonly replicas: number;
  /** Processors that each pod is guaranteed, in cores. */
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly spread: "required" | "preferred";
  /** ConfigMap with the directory's authority. @default public authorities */
  readonly directoryAuthority?: string | undefined;
  /** ConfigMap with the homeserver's authority. @default public authorities */
  readonly homeserverAuthority?: string | undefined;
}

/** The program. Of several pods one acts, whichever holds the Lease; the others wait to take over. */
export function syncWorkload(args: SyncWorkloadArgs): ServiceSpec {
  const { peer, image, replicas, cpus, memoryMiB, spread } = args;
  return {
    peer,
    kind: "Deployment",
    replicas,
    spread,
    userId: NODE_ID,
    groupId: NODE_ID,
    apiToken: true,
    // The change that is being made may have to wait for a homeserver that starts.
    terminationGraceSeconds: 45,
    containers: [
      {
        name: syncName,
        image,
        command: ["node"],
        args: [
          // Beyond it the process would be stopped: rather collect garbage more often.
          `--max-old-space-size=${memoryMiB - OUTSIDE_HEAP_MIB}`,
          ...runPacked,
          `${folders.program}/${programFile}`,
          `${folders.configuration}/${configurationFile}`,
        ],
        ports,
        cpus,
        memoryMiB,
        mounts: [
          configMapMount("program", folders.program, objects.program),
          configMapMount("configuration", folders.configuration, objects.configuration),
          secretMount("secrets", folders.secrets, objects.secrets),
          secretMount("certificate", folders.certificate, objects.certificate),
          ...authority("directory-authority", folders.directoryAuthority, args.directoryAuthority),
          ...authority("homeserver-authority", folders.homeserverAuthority, args.homeserverAuthority),
        ],
        startupProbe: { ...health, periodSeconds: 1, failureThreshold: 60 },
        readinessProbe: { ...health, periodSeconds: 10, failureThreshold: 3 },
        livenessProbe: { ...health, periodSeconds: 20, failureThreshold: 6 },
      },
    ],
  };
}

const health = { httpGet: { path: "/healthz", port: ports.metrics, scheme: "HTTPS" }, timeoutSeconds: 5 };

function authority(name: string, path: string, configMapName: string | undefined): Mount[] {
  return configMapName === undefined ? [] : [configMapMount(name, path, configMapName)];
}

/** What the program may do at the Kubernetes API: with its own Lease, and nothing else. */
export function leaseRules(): types.input.rbac.v1.PolicyRule[] {
  return [
    { apiGroups: ["coordination.k8s.io"], resources: ["leases"], resourceNames: [syncName], verbs: ["get", "update"] },
  ];
}
