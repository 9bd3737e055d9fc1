import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { CertificateAuthority, ClusterDns, Network, Peer, ScrapeTarget, Watched, Zone } from "../network/index.ts";
import { Endpoint } from "../network/index.ts";
import { createPasswordSecret, Database } from "./database.ts";
import type { OperatorManifest } from "./manifest.ts";
import { readOperatorManifest } from "./manifest.ts";
import { Operator } from "./operator.ts";
import type { ClusterArgs } from "./spec.ts";
import {
  captureName,
  clusterName,
  clusterSpec,
  instancePorts,
  metricsService,
  passwordSecretName,
  primaryHost,
  serverNames,
} from "./spec.ts";

export type { CaptureConnection, DatabaseConnection } from "./database.ts";
export { Database } from "./database.ts";
export type { OperatorManifest } from "./manifest.ts";

/** Who runs the CloudNativePG operator. */
export type PostgresOperator = ManagedOperator | ExistingOperator;

/** The operator comes with the environment, with its definitions and webhooks. */
export interface ManagedOperator {
  readonly kind: "managed";
  /** The operator's image, by digest. */
  readonly image: string;
  /** Addresses that the API server calls the operator's webhooks from. */
  readonly apiServer: Network;
  /** One works, the others wait to take over. @default 1 */
  readonly replicas?: number;
  /** Processors that each pod is guaranteed, in cores. @default 0.1 */
  readonly cpus?: number;
  /** Memory that each pod is guaranteed, and at which it is stopped, in MiB. @default 200 */
  readonly memoryMiB?: number;
  /** @default the release's, from the cache */
  readonly manifest?: OperatorManifest;
}

/** The cluster has an operator of release 1.28 or later already; nothing of it is touched. */
export interface ExistingOperator {
  readonly kind: "existing";
  /** Its pods, which ask the instances for their state. @default those of the release's manifest and chart */
  readonly peer?: Peer;
}

export interface PostgresArgs extends Omit<ClusterArgs, "namespace" | "certificates" | "parameters"> {
  /** Where the instances run. */
  readonly zone: Zone;
  readonly operator: PostgresOperator;
  readonly kubernetesApi: Endpoint;
  readonly authority: CertificateAuthority;
  /** How the operator's pods resolve names. */
  readonly dns: ClusterDns;
  /** PostgreSQL parameters. @default PostgreSQL's and the operator's own */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Whether the cluster and its databases are protected from deletion. @default true */
  readonly protect?: boolean;
}

/** @source https://cloudnative-pg.io/documentation/1.28/installation_upgrade/ */
const releasedOperator: Peer = {
  name: "cloudnative-pg",
  namespace: "cnpg-system",
  podLabels: { "app.kubernetes.io/name": "cloudnative-pg" },
};

/** A PostgreSQL cluster that heals itself, and its databases. */
export class Postgres extends pulumi.ComponentResource implements Watched {
  readonly scrapeTargets: readonly ScrapeTarget[];
  private readonly databases: ReadonlyMap<string, Database>;

  /** @throws Error that lists every argument that cannot work */
  constructor(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions) {
    // The namespace must outlive what is in it: the instances themselves take part in the removal of a database.
    super("roost:postgres:Postgres", name, {}, pulumi.mergeOptions(opts, { dependsOn: args.zone }));
    const child = { parent: this };
    const { authority, kubernetesApi } = args;
    const { namespace } = args.zone;
    const protect = args.protect ?? true;
    const certificates = issueCertificates(authority, namespace);
    const spec = clusterSpec({ ...args, namespace, certificates, parameters: args.parameters ?? {} });

    const instances: Peer = { name: clusterName, namespace, podLabels: { "cnpg.io/cluster": clusterName } };
    const primary = new Endpoint(
      `${clusterName}-rw`,
      { server: instances, port: instancePorts.postgres, host: primaryHost(namespace), authority },
      child,
    );
    const status = new Endpoint(
      `${clusterName}-status`,
      { server: instances, port: instancePorts.status, host: primaryHost(namespace) },
      child,
    );
    const metrics = new Endpoint(metricsService, { server: instances, port: instancePorts.metrics, authority }, child);
    // Standbys stream from the primary, and an instance that no other can see stops itself.
    primary.connect(instances);
    status.connect(instances);
    kubernetesApi.connect(instances);
    const operator = provideOperator(args, status, child);
    this.scrapeTargets = [
      // Its label is the whole text of an error, in which PostgreSQL may quote the row that it is about.
      { job: "postgres", endpoint: metrics, dropped: ["cnpg_errors_total"] },
      ...operator.flatMap(({ scrapeTargets }) => scrapeTargets),
    ];

    const roles = [...args.databases, ...(args.captured ?? []).map(captureName)];
    const passwords = new Map(roles.map((role) => [role, createPassword(role, protect, child)]));
    const secrets = [...passwords].map(([role, { result }]) =>
      createPasswordSecret(passwordSecretName(role), role, namespace, result, child),
    );
    const cluster = new kubernetes.apiextensions.CustomResource(
      clusterName,
      {
        apiVersion: "postgresql.cnpg.io/v1",
        kind: "Cluster",
        metadata: { name: clusterName, namespace, annotations: { "pulumi.com/waitFor": readiness(args.instances) } },
        spec,
      },
      {
        ...child,
        dependsOn: [...operator, ...secrets, authority, primary, status, kubernetesApi],
        protect,
        // A change may restart all instances, one after the other.
        customTimeouts: { create: "15m", update: "30m" },
      },
    );
    this.databases = new Map(
      args.databases.map((database) => {
        const [owner, reader] = [passwords.get(database), passwords.get(captureName(database))];
        if (owner === undefined) throw new Error(`${database}: its owner has no password`);
        const capture = reader && { capturePassword: reader.result };
        const of = { database, zone: args.zone, image: args.image, primary, cluster, protect, password: owner.result };
        return [database, new Database(database, { ...of, ...capture }, child)];
      }),
    );
    this.registerOutputs({});
  }

  /** @throws Error when the database is not one of those that the cluster was made with */
  database(name: string): Database {
    const database = this.databases.get(name);
    if (database !== undefined) return database;
    const declared = [...this.databases.keys()].join(", ");
    throw new Error(`The PostgreSQL cluster has no database "${name}", only ${declared}. Add it to \`databases\`.`);
  }
}

/** The server's certificate, and the one that standbys replicate with. Instances load renewed ones while they run. */
function issueCertificates(authority: CertificateAuthority, namespace: string): ClusterArgs["certificates"] {
  const labels = { "cnpg.io/reload": "" };
  const server = authority.issue(`${clusterName}-server`, { namespace, dnsNames: serverNames(namespace), labels });
  const replication = authority.issue(`${clusterName}-replication`, {
    namespace,
    dnsNames: [],
    commonName: "streaming_replica",
    uses: ["client"],
    labels,
  });
  return { server: server.secretName, replication: replication.secretName };
}

/** Installs the operator where it is ours, and lets it ask the instances for their state. */
function provideOperator(args: PostgresArgs, status: Endpoint, opts: pulumi.ComponentResourceOptions): Operator[] {
  const { operator } = args;
  if (operator.kind === "existing") {
    status.open(operator.peer ?? releasedOperator);
    return [];
  }
  const managed = new Operator(
    "cloudnative-pg",
    {
      image: operator.image,
      dns: args.dns,
      authority: args.authority,
      kubernetesApi: args.kubernetesApi,
      apiServer: operator.apiServer,
      manifest: operator.manifest ?? readOperatorManifest(),
      served: args.zone,
      replicas: operator.replicas ?? 1,
      cpus: operator.cpus ?? 0.1,
      memoryMiB: operator.memoryMiB ?? 200,
      protect: args.protect ?? true,
    },
    opts,
  );
  status.connect(managed.peer, [managed]);
  return [managed];
}

/** Conditions for the provider to wait for. Growing from one instance to three, the one is ready all the time. */
function readiness(instances: number): string {
  return JSON.stringify(["condition=Ready", `jsonpath={.status.readyInstances}=${instances}`]);
}

/** Letters and digits only: nothing has to be escaped, in whatever form a client writes its connection. */
function createPassword(role: string, protect: boolean, opts: pulumi.CustomResourceOptions) {
  return new random.RandomPassword(passwordSecretName(role), { length: 40, special: false }, { ...opts, protect });
}
