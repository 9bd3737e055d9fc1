import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Endpoint, Peer } from "../network/index.ts";
import { databaseSpec, passwordSecretName } from "./spec.ts";

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

export interface DatabaseArgs {
  /** Name of the database and of its owner role. */
  readonly database: string;
  /** Namespace of the cluster. */
  readonly namespace: string;
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
  private readonly namespaces: Set<string>;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:postgres:Database", name, {}, opts);
    this.args = args;
    this.namespaces = new Set([args.namespace]);
    new kubernetes.apiextensions.CustomResource(
      name,
      {
        apiVersion: "postgresql.cnpg.io/v1",
        kind: "Database",
        metadata: {
          name: args.database,
          namespace: args.namespace,
          annotations: { "pulumi.com/waitFor": "jsonpath={.status.applied}=true" },
        },
        spec: databaseSpec(args.database, args.protect),
      },
      { parent: this, dependsOn: args.cluster, protect: args.protect },
    );
    this.registerOutputs({});
  }

  /** Lets the client use the database: the rules of the network, the authority's certificate and the password. */
  connect(client: Peer): DatabaseConnection {
    const { database, primary } = this.args;
    const { host, port, caConfigMap } = primary.connect(client);
    if (caConfigMap === undefined) throw new Error(`${database}: the cluster's endpoint has no certificate authority`);
    if (!this.namespaces.has(client.namespace)) {
      this.namespaces.add(client.namespace);
      const name = `${client.namespace}-${passwordSecretName(database)}`;
      createPasswordSecret(name, database, client.namespace, this.args.password, { parent: this });
    }
    return {
      host,
      port,
      database,
      user: database,
      passwordSecretName: passwordSecretName(database),
      passwordKey: "password",
      password: pulumi.secret(this.args.password),
      caConfigMap,
    };
  }
}

/** Makes the Secret with name and password of the database's owner; the operator sets a changed password by itself. */
export function createPasswordSecret(
  name: string,
  database: string,
  namespace: string,
  password: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Secret {
  return new kubernetes.core.v1.Secret(
    name,
    {
      metadata: { name: passwordSecretName(database), namespace, labels: { "cnpg.io/reload": "" } },
      type: "kubernetes.io/basic-auth",
      stringData: { username: database, password },
    },
    opts,
  );
}
