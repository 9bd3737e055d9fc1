import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Endpoint, Peer, Zone } from "../network/index.ts";
import { createConfigMap, hashOf, Workload } from "../network/index.ts";
import { grantsFile, grantsJob } from "./grants.ts";
import type { Table } from "./spec.ts";
import { captureGrants, captureName, databaseSpec, passwordSecretName, publicationSpec } from "./spec.ts";

/** What a client needs to use a database, over TLS with `verify-full`. */
export interface DatabaseConnection {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Secret in the client's namespace that holds the user's password. */
  readonly passwordSecretName: string;
  /** Key in that Secret. */
  readonly passwordKey: string;
  /** The password itself, a secret, for clients that take it only within a file of their own. */
  readonly password: pulumi.Output<string>;
  /** ConfigMap in the client's namespace whose `ca.crt` verifies the server. */
  readonly caConfigMap: string;
}

/** What a reader of a database's changes needs, beside what every client does. */
export interface CaptureConnection extends DatabaseConnection {
  /** Publication of the tables, for inserts alone. */
  readonly publication: string;
  /** Replication slot that is to be used. The reader makes it, as one that outlives a failover. */
  readonly slot: string;
  /** What is there before anything can be read. */
  readonly prepared: readonly pulumi.Resource[];
}

export interface DatabaseArgs {
  /** Name of the database and of its owner role. */
  readonly database: string;
  /** Where the cluster is. */
  readonly zone: Zone;
  /** PostgreSQL's image, by digest. */
  readonly image: string;
  /** Password of the role that reads the database's changes. @default there is none */
  readonly capturePassword?: pulumi.Input<string>;
  /** The cluster's primary, over TLS. */
  readonly primary: Endpoint;
  /** The owner's password. */
  readonly password: pulumi.Input<string>;
  /** The cluster that the database is in. */
  readonly cluster: pulumi.Resource;
  /** Whether the database is kept when it is no longer declared. */
  readonly protect: boolean;
}

/**
 * A database with an owner role of its own. What uses it depends on it (`dependsOn: database`): then it starts when the
 * database is there, and has ended when the database is dropped.
 */
export class Database extends pulumi.ComponentResource {
  private readonly args: DatabaseArgs;
  /** Secrets with passwords that there are, by namespace and role. */
  private readonly secrets: Set<string>;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:postgres:Database", name, {}, opts);
    this.args = args;
    const { namespace } = args.zone;
    this.secrets = new Set([args.database, captureName(args.database)].map((role) => `${namespace} ${role}`));
    new kubernetes.apiextensions.CustomResource(
      name,
      {
        apiVersion: "postgresql.cnpg.io/v1",
        kind: "Database",
        metadata: {
          name: args.database,
          namespace,
          annotations: applied,
        },
        spec: databaseSpec(args.database, args.protect),
      },
      { parent: this, dependsOn: args.cluster, protect: args.protect },
    );
    this.registerOutputs({});
  }

  /** Lets the client use the database: the rules of the network, the authority's certificate and the password. */
  connect(client: Peer): DatabaseConnection {
    return this.connectAs(client, this.args.database, this.args.password);
  }

  /**
   * Lets the client read what is written into the tables, from now on by the WAL, and what is there already from the tables themselves.
   *
   * @param opts with what has made the tables in `dependsOn`. The parent is the reader's: who has made the tables depends on the
   * database and all that is in it.
   * @throws Error when the cluster was made without a role for that
   */
  capture(client: Peer, tables: readonly Table[], opts: pulumi.CustomResourceOptions): CaptureConnection {
    const { database, capturePassword } = this.args;
    if (capturePassword === undefined)
      throw new Error(`Nobody may read the changes of the database "${database}". Add it to \`captured\`.`);
    const name = captureName(database);
    return {
      ...this.connectAs(client, name, capturePassword),
      publication: name,
      slot: name,
      prepared: [this.publish(tables, opts), this.grant(tables, opts)],
    };
  }

  private publish(tables: readonly Table[], opts: pulumi.CustomResourceOptions): pulumi.Resource {
    const { database, zone } = this.args;
    const name = passwordSecretName(captureName(database));
    return new kubernetes.apiextensions.CustomResource(
      name,
      {
        apiVersion: "postgresql.cnpg.io/v1",
        kind: "Publication",
        metadata: { name, namespace: zone.namespace, annotations: applied },
        spec: publicationSpec(database, tables),
      },
      opts,
    );
  }

  /** Done by the database's owner, whose the tables are: no superuser can sign in. */
  private grant(tables: readonly Table[], opts: pulumi.CustomResourceOptions): pulumi.Resource {
    const { database, zone, image } = this.args;
    const peer = zone.peer(`${passwordSecretName(captureName(database))}-grants`);
    const data = { [grantsFile]: captureGrants(database, tables) };
    const map = createConfigMap(peer.name, zone.namespace, data, opts);
    const spec = grantsJob({ peer, image, connection: this.connect(peer) });
    return new Workload(peer.name, { spec, configHash: hashOf(data) }, pulumi.mergeOptions(opts, { dependsOn: map }));
  }

  private connectAs(client: Peer, role: string, password: pulumi.Input<string>): DatabaseConnection {
    const { database, primary } = this.args;
    const { host, port, caConfigMap } = primary.connect(client);
    if (caConfigMap === undefined) throw new Error(`${database}: the cluster's endpoint has no certificate authority`);
    const secret = `${client.namespace} ${role}`;
    if (!this.secrets.has(secret)) {
      this.secrets.add(secret);
      const name = `${client.namespace}-${passwordSecretName(role)}`;
      createPasswordSecret(name, role, client.namespace, password, { parent: this });
    }
    return {
      ...{ host, port, database, user: role, caConfigMap },
      passwordSecretName: passwordSecretName(role),
      passwordKey: "password",
      password: pulumi.secret(password),
    };
  }
}

/** Waits until the operator has made it so. */
const applied = { "pulumi.com/waitFor": "jsonpath={.status.applied}=true" };

/** Makes the Secret with name and password of a role; the operator sets a changed password by itself. */
export function createPasswordSecret(
  name: string,
  role: string,
  namespace: string,
  password: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Secret {
  return new kubernetes.core.v1.Secret(
    name,
    {
      metadata: { name: passwordSecretName(role), namespace, labels: { "cnpg.io/reload": "" } },
      type: "kubernetes.io/basic-auth",
      stringData: { username: role, password },
    },
    opts,
  );
}
