import * as pulumi from "@pulumi/pulumi";
import type { Peer, Zone } from "../network/index.ts";
import { createSecret, Endpoint, ForeignAuthority, hashOf } from "../network/index.ts";
import { Declarations } from "./declarations.ts";
import { createBucketsJob } from "./job.ts";
import { objects } from "./spec.ts";
import type { Bucket, BucketArgs, BucketConnection, ObjectStore } from "./store.ts";
import { credentialFiles } from "./store.ts";

export interface ExternalStoreSettings {
  /** `https://host[:port]`, without a path. */
  readonly endpoint: string;
  /** Where it is, in CIDR notation: clients are let out to it, and nowhere else. */
  readonly cidrs: readonly string[];
  readonly region: string;
  readonly accessKeyId: string;
  /** A secret. */
  readonly secretAccessKey: string;
  /** What the names of buckets begin with. @default nothing */
  readonly bucketPrefix?: string | undefined;
  /** The authority of its certificate, in PEM. @default public authorities */
  readonly caPem?: string | undefined;
  /** Whether a bucket stands in the path of requests, or before the host name. */
  readonly pathStyle: boolean;
}

export interface ExternalStoreArgs extends ExternalStoreSettings {
  readonly zone: Zone;
  /** Image `node`, by digest. */
  readonly image: string;
}

/**
 * The organisation's own store, or a provider's. All clients have the keys that were given: who may do what is decided there, for
 * these keys. Buckets are made where the keys may do that; else they are there already.
 */
export class ExternalStore extends pulumi.ComponentResource implements ObjectStore {
  readonly asDeclared: Promise<pulumi.Resource>;
  private readonly reconciling = Promise.withResolvers<pulumi.Resource>();
  private readonly args: ExternalStoreArgs;
  private readonly declared: Declarations;
  private readonly server: Endpoint;
  private readonly authority: ForeignAuthority;
  private readonly secret: pulumi.Output<string>;

  constructor(name: string, args: ExternalStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:backup:ExternalStore", name, {}, pulumi.mergeOptions(opts, { dependsOn: args.zone }));
    this.args = args;
    this.asDeclared = this.reconciling.promise;
    this.declared = new Declarations(args.bucketPrefix);
    this.secret = pulumi.secret(args.secretAccessKey);
    const { hostname: host, port } = new URL(args.endpoint);
    const server = { name: objects.store, cidrs: args.cidrs };
    this.server = new Endpoint(
      objects.store,
      { server, host, port: port === "" ? 443 : Number(port) },
      { parent: this },
    );
    this.authority = new ForeignAuthority(`${objects.store}-ca`, args.caPem, this);
    this.registerOutputs({});
  }

  addBucket(name: string, args: BucketArgs = {}): Bucket {
    const bucket = this.declared.add(name, args);
    return {
      connect: (client, access) => {
        const isNew = !this.declared.clients.has(client.name);
        this.declared.connect(client, bucket, access);
        if (isNew) this.admit(client, `${objects.store}-${client.name}`);
        return this.connection(client, bucket);
      },
    };
  }

  reconcile(): void {
    const { zone, image, endpoint, region, pathStyle } = this.args;
    const peer = zone.peer(objects.job);
    const keys = this.admit(peer, objects.root);
    const job = createBucketsJob(
      {
        ...{ peer, image, ...this.authority.in(peer.namespace) },
        specification: { ...{ endpoint, region, pathStyle, own: false }, buckets: this.declared.close(false) },
        credentials: hashOf(this.args.accessKeyId, this.secret),
      },
      { parent: this, dependsOn: [this.server, keys] },
    );
    this.reconciling.resolve(job);
  }

  private connection(client: Peer, bucket: string): BucketConnection {
    const { endpoint, region, pathStyle, accessKeyId } = this.args;
    return {
      ...{ endpoint, region, bucket, pathStyle },
      credentialsSecret: `${objects.store}-${client.name}`,
      credentialsHash: hashOf(accessKeyId, this.secret),
      ...this.authority.in(client.namespace),
    };
  }

  /** Lets the client out to the store, with the keys in a Secret of that name. */
  private admit(client: Peer, name: string): pulumi.Resource {
    this.server.connect(client, [this.args.zone]);
    const { accessKeyId } = this.args;
    const contents = { [credentialFiles.accessKeyId]: accessKeyId, [credentialFiles.secretAccessKey]: this.secret };
    return createSecret(name, client.namespace, contents, { parent: this });
  }
}
