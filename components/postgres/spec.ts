/** Pure: from arguments to CloudNativePG's `Cluster` and `Database`. */
import type { IClusterSpec } from "@kubernetes-models/cloudnative-pg/postgresql.cnpg.io/v1/ClusterSpec";
import type { IDatabaseSpec } from "@kubernetes-models/cloudnative-pg/postgresql.cnpg.io/v1/DatabaseSpec";
import type { IPublicationSpec } from "@kubernetes-models/cloudnative-pg/postgresql.cnpg.io/v1/PublicationSpec";
import { binaryQuantity, cpuQuantity } from "../network/index.ts";

/** Name of the `Cluster`: its pods are `pg-1`…, its Services `pg-rw` (primary), `pg-ro` (standbys) and `pg-r` (any). */
export const clusterName = "pg";

/** Ports of an instance: PostgreSQL, the instance manager's status, metrics. */
export const instancePorts = { postgres: 5432, status: 8000, metrics: 9187 } as const;

/** Name of the Service through which metrics are found. */
export const metricsService = "postgres-metrics";

export interface ClusterArgs {
  readonly namespace: string;
  /** Image reference with a tag that begins with PostgreSQL's major version, and a digest. */
  readonly image: string;
  /** 1, or 3 and more with synchronous replication. */
  readonly instances: number;
  /** Whether instances must, or only should, run on different nodes. @default "preferred" */
  readonly spread?: "required" | "preferred";
  /** What instances keep out of each other's: nodes, or racks (the label `topology.kubernetes.io/zone`). @default "node" */
  readonly spreadOver?: "node" | "rack";
  /** Names of the databases; each has an owner role of the same name. */
  readonly databases: readonly string[];
  /** Those of the databases of which changes are read: each has a role for that, {@link captureName}. @default none */
  readonly captured?: readonly string[];
  /** Processors that each instance is guaranteed, in cores. */
  readonly cpus: number;
  /** Memory that each instance is guaranteed, and at which it is stopped, in MiB. */
  readonly memoryMiB: number;
  /** Volume of each instance, in GiB. It can grow, never shrink. */
  readonly storageGiB: number;
  /** Volume of each instance for the WAL alone, in GiB. @default none: the WAL lies with the data */
  readonly walStorageGiB?: number;
  /** @default the cluster's default storage class */
  readonly storageClass?: string;
  /** PostgreSQL parameters, without those that {@link ownParameters} sets. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Pods of which kind stay when nodes run out of room. @default the cluster's default class */
  readonly priorityClass?: string;
  /** Secrets with the certificates of the server, and of the role that standbys replicate with. */
  readonly certificates: { readonly server: string; readonly replication: string };
}

/**
 * What PostgreSQL must be set to, whatever the plan says.
 *
 * @source https://www.postgresql.org/docs/17/logicaldecoding-explanation.html#LOGICALDECODING-REPLICATION-SLOTS-SYNCHRONIZATION
 */
export const ownParameters: Readonly<Record<string, string>> = {
  ssl_min_protocol_version: "TLSv1.3",
  ssl_max_protocol_version: "TLSv1.3",
  password_encryption: "scram-sha-256",
  // Change capture reads the WAL through logical slots, and they must outlive a failover.
  wal_level: "logical",
  hot_standby_feedback: "on",
  sync_replication_slots: "on",
  // What changed tables and roles. Not `log_statement`: the operator sets passwords by statement, and only pgAudit leaves
  // them out. Not `log_connections`: the operator's own looks made 10 lines a second of it; who is refused is logged anyway.
  log_statement: "none",
  "pgaudit.log": "ddl, role",
};

/**
 * How long it takes until a standby is promoted when the primary is gone without a word (5 s by the operator's default),
 * and until the other standbys find the new primary, which cannot acknowledge a commit without one (5 s by PostgreSQL's).
 */
const reaction = { wal_receiver_timeout: "3s", wal_retrieve_retry_interval: "100ms" } as const;

/** Connections that stay free for the operator, the exporter and a person at a prompt. */
const reservedConnections = 10;

const defaultMaxConnections = 100;

/** The `Cluster`'s spec. */
export function clusterSpec(args: ClusterArgs): IClusterSpec {
  const problems = clusterProblems(args);
  if (problems.length > 0) throw new Error(`PostgreSQL cannot be set up so:\n${problems.join("\n")}`);
  const highlyAvailable = args.instances > 1;
  return {
    instances: args.instances,
    imageName: args.image,
    imagePullPolicy: "IfNotPresent",
    bootstrap: { initdb: firstDatabase(args.databases) },
    enableSuperuserAccess: false,
    // A budget of one pod out of one would keep its node from ever being drained.
    enablePDB: highlyAvailable,
    ...(highlyAvailable && {
      affinity: {
        enablePodAntiAffinity: true,
        podAntiAffinityType: args.spread ?? "preferred",
        topologyKey: args.spreadOver === "rack" ? "topology.kubernetes.io/zone" : "kubernetes.io/hostname",
      },
    }),
    ...(args.priorityClass !== undefined && { priorityClassName: args.priorityClass }),
    resources: {
      // No processor limit: throttling delays every query, and the requests already share the processors fairly.
      requests: { cpu: cpuQuantity(args.cpus), memory: binaryQuantity(args.memoryMiB) },
      limits: { memory: binaryQuantity(args.memoryMiB) },
    },
    seccompProfile: { type: "RuntimeDefault" },
    storage: volume(args.storageGiB, args.storageClass),
    ...(args.walStorageGiB !== undefined && { walStorage: volume(args.walStorageGiB, args.storageClass) }),
    certificates: {
      serverTLSSecret: args.certificates.server,
      serverCASecret: args.certificates.server,
      replicationTLSSecret: args.certificates.replication,
      clientCASecret: args.certificates.replication,
    },
    postgresql: {
      parameters: { ...reaction, ...args.parameters, ...ownParameters },
      pg_hba: accessRules(args),
      ...(highlyAvailable && {
        synchronous: {
          method: "any",
          number: 1,
          dataDurability: "required",
          // Without it, a standby that lacks acknowledged commits could be promoted.
          failoverQuorum: true,
        },
      }),
    },
    replicationSlots: {
      highAvailability: {
        enabled: true,
        slotPrefix: "_cnpg_",
        // For an instance alone the operator names a standby that does not exist, and change capture would wait for it.
        synchronizeLogicalDecoding: highlyAvailable,
      },
      synchronizeReplicas: { enabled: true },
    },
    managed: {
      roles: [
        ...args.databases.map((name) => role(name, args.parameters)),
        ...(args.captured ?? []).map((name) => captureRole(name)),
      ],
    },
    monitoring: { tls: { enabled: true }, enablePodMonitor: false },
    primaryUpdateStrategy: "unsupervised",
    primaryUpdateMethod: highlyAvailable ? "switchover" : "restart",
    ...shutdown,
    // A WAL archive is a plugin (`plugins`), and a restore another `bootstrap` (`recovery`): both belong here.
  };
}

/**
 * With the operator's defaults (180, 1800 and 3600 s) a primary waits 180 s for clients that keep their connections, as
 * pools do, and nothing can be written meanwhile. No wait at all: what a client has not committed, it tries again.
 */
const shutdown = { smartShutdownTimeout: 0, stopDelay: 30, switchoverDelay: 30 } as const;

/** The first database comes with the cluster, so that the operator makes neither a database nor a password of its own. */
function firstDatabase([name = ""]: readonly string[]) {
  return {
    database: name,
    owner: name,
    secret: { name: passwordSecretName(name) },
    encoding: "UTF8",
    localeCollate: "C",
    localeCType: "C",
    dataChecksums: true,
  };
}

function role(name: string, parameters: Readonly<Record<string, string>>) {
  const maxConnections = Number(parameters.max_connections ?? defaultMaxConnections);
  return {
    name,
    ensure: "present" as const,
    comment: `Owner of the database ${name}`,
    login: true,
    superuser: false,
    createdb: false,
    createrole: false,
    replication: false,
    bypassrls: false,
    inherit: true,
    connectionLimit: maxConnections - reservedConnections,
    passwordSecret: { name: passwordSecretName(name) },
  };
}

/** Who reads the changes of a database, and nothing but the tables that it is given: whoever may replicate sees all of the WAL. */
function captureRole(database: string) {
  return {
    ...role(database, {}),
    name: captureName(database),
    comment: `Reads changes of the database ${database}`,
    replication: true,
    connectionLimit: captureConnections,
    passwordSecret: { name: passwordSecretName(captureName(database)) },
  };
}

/** A reader of changes has one connection that replicates, which is not counted, one that looks after it, one for its heartbeat. */
const captureConnections = 5;

/** Role, publication and slot by which the changes of a database are read. */
export function captureName(database: string): string {
  return `${database}_capture`;
}

/** A table, by its schema and its name. */
export interface Table {
  readonly schema: string;
  readonly name: string;
}

/**
 * The `Publication`'s spec: inserts alone. A table without a primary key, as those with Synapse's events are, could not be updated any
 * more if a publication had its updates too.
 *
 * @source https://www.postgresql.org/docs/17/logical-replication-publication.html
 */
export function publicationSpec(database: string, tables: readonly Table[]): IPublicationSpec {
  return {
    cluster: { name: clusterName },
    dbname: database,
    name: captureName(database),
    parameters: { publish: "insert" },
    target: { objects: tables.map(({ schema, name }) => ({ table: { schema, name } })) },
    // The log that was not read yet cannot be read without it, whenever reading goes on.
    publicationReclaimPolicy: "retain",
  };
}

/** What lets the reader of changes read these tables, and no others, for what was there before it. */
export function captureGrants(database: string, tables: readonly Table[]): string {
  const reader = captureName(database);
  const schemas = [...new Set(tables.map(({ schema }) => schema))].join(", ");
  const names = tables.map(({ schema, name }) => `${schema}.${name}`).join(", ");
  return `BEGIN;
REVOKE ALL ON ALL TABLES IN SCHEMA ${schemas} FROM ${reader};
GRANT USAGE ON SCHEMA ${schemas} TO ${reader};
GRANT SELECT ON TABLE ${names} TO ${reader};
COMMIT;
`;
}

/** `pg_hba.conf` after the operator's own lines: each role over TLS into its own database, and nothing else at all. */
function accessRules({ databases, captured = [] }: Pick<ClusterArgs, "databases" | "captured">): string[] {
  return [
    ...databases.map((name) => `hostssl ${name} ${name} all scram-sha-256`),
    ...captured.map((name) => `hostssl ${name} ${captureName(name)} all scram-sha-256`),
    // The operator's last line would let any role with a password in, without TLS too.
    "hostnossl all all all reject",
    "hostssl all all all reject",
  ];
}

/** The `Database`'s spec. Synapse and others want the C locale, under which an upgrade of the C library breaks no index. */
export function databaseSpec(name: string, protect: boolean): IDatabaseSpec {
  return {
    cluster: { name: clusterName },
    name,
    owner: name,
    ensure: "present",
    template: "template0",
    encoding: "UTF8",
    localeProvider: "libc",
    localeCollate: "C",
    localeCType: "C",
    databaseReclaimPolicy: protect ? "retain" : "delete",
  };
}

/** Secret with `username` and `password` of a role: that of a database's owner has its name. */
export function passwordSecretName(role: string): string {
  return `${clusterName}-${role.replaceAll("_", "-")}`;
}

/** Host name of the primary, wherever it is. */
export function primaryHost(namespace: string): string {
  return `${clusterName}-rw.${namespace}.svc`;
}

/** Every name under which clients, standbys and Prometheus reach an instance. */
export function serverNames(namespace: string): string[] {
  const services = ["rw", "ro", "r"].map((suffix) => `${clusterName}-${suffix}`);
  return [...services, metricsService].flatMap((service) => [
    service,
    `${service}.${namespace}`,
    `${service}.${namespace}.svc`,
    `${service}.${namespace}.svc.cluster.local`,
  ]);
}

/** What cannot work, each with the argument, its value, what is allowed and what to do. */
export function clusterProblems(args: ClusterArgs): string[] {
  const problems: string[] = [];
  if (!Number.isInteger(args.instances) || args.instances < 1 || args.instances === 2) {
    problems.push(
      `instances: ${args.instances} is neither 1 nor 3 or more: with two, the loss of either stops all writes. Take 1 or 3.`,
    );
  }
  if (args.databases.length === 0) problems.push("databases: empty. Name at least one.");
  for (const [index, name] of args.databases.entries()) {
    if (!databasePattern.test(name)) {
      problems.push(`databases: ${JSON.stringify(name)} is not 1 to 30 of a-z and 0-9 with a letter first. Rename it.`);
    } else if (reservedNames.has(name)) {
      problems.push(`databases: "${name}" has a meaning of its own in PostgreSQL. Take another name.`);
    } else if (args.databases.indexOf(name) !== index) problems.push(`databases: "${name}" is named twice.`);
  }
  for (const name of args.captured ?? []) {
    if (!args.databases.includes(name)) problems.push(`captured: "${name}" is none of the databases. Add it to them.`);
  }
  for (const [argument, value] of Object.entries(args.parameters)) {
    const own = Object.hasOwn(ownParameters, argument) ? ownParameters[argument] : undefined;
    if (own !== undefined && own !== value) {
      problems.push(`parameters.${argument}: "${value}" is not possible, it has to be "${own}". Leave it out.`);
    }
  }
  const maxConnections = args.parameters.max_connections;
  if (maxConnections !== undefined && !(Number(maxConnections) > reservedConnections)) {
    problems.push(
      `parameters.max_connections: "${maxConnections}" leaves none to clients: ${reservedConnections} are reserved. Take more.`,
    );
  }
  for (const argument of ["cpus", "memoryMiB", "storageGiB", "walStorageGiB"] as const) {
    const value = args[argument];
    if (value !== undefined && !(value > 0)) problems.push(`${argument}: ${value} is not above 0.`);
  }
  if (!/:17[.\w-]*@sha256:[0-9a-f]{64}$/.test(args.image)) {
    problems.push(
      `image: "${args.image}" is not <repository>:17…@sha256:<64 hexadecimal digits>. The operator reads the version from the tag; the digest pins the image.`,
    );
  }
  return problems;
}

const databasePattern = /^[a-z][a-z0-9]{0,29}$/;

/** Words of `pg_hba.conf`, and databases and roles that are there already. */
const reservedNames: ReadonlySet<string> = new Set([
  "all",
  "app",
  "postgres",
  "replication",
  "samegroup",
  "samerole",
  "sameuser",
  "template0",
  "template1",
]);

function volume(sizeGiB: number, storageClass: string | undefined) {
  return {
    size: binaryQuantity(sizeGiB * 1024),
    ...(storageClass !== undefined && { storageClass }),
    resizeInUseVolumes: true,
  };
}
