import type * as pulumi from "@pulumi/pulumi";
import type { Peer } from "../network/index.ts";

/**
 * What a client may do in a bucket. "read": its objects, with their old versions. "append": write too, and lock what it writes, but
 * take nothing away: neither an object, nor a version, nor a lock. "manage": remove objects and versions too, as far as no lock
 * protects them, and put them under a legal hold. Nobody changes who may do what, and nobody goes past a lock.
 */
export type BucketAccess = "read" | "append" | "manage";

export interface BucketArgs {
  /**
   * Whether objects can be locked for a time, each by the headers of the request that writes it. A store keeps that for ever: it
   * is never taken back. @default false
   */
  readonly objectLock?: boolean;
}

/** What a client needs to use a bucket, over TLS with keys of its own. */
export interface BucketConnection {
  /** `https://host[:port]`, without a path. */
  readonly endpoint: string;
  readonly region: string;
  /** Name of the bucket, as it stands in requests. */
  readonly bucket: string;
  /** Whether the bucket stands in the path of requests, or before the host name. */
  readonly pathStyle: boolean;
  /** Secret in the client's namespace with the files `access-key-id` and `secret-access-key`. */
  readonly credentialsSecret: string;
  /** Changes with the keys, for programs that read them only at their start. */
  readonly credentialsHash: pulumi.Output<string>;
  /** ConfigMap in the client's namespace whose `ca.crt` verifies the store. @default public authorities */
  readonly caConfigMap?: string;
}

/** A bucket that was declared. It keeps old versions of its objects. Nobody gets at it but through a connection that is made here. */
export interface Bucket {
  connect(client: Peer, access: BucketAccess): BucketConnection;
}

/** Where what must outlive the environment's other parts is kept: the environment's own, or the organisation's. */
export interface ObjectStore {
  /** What has made all buckets and rules, when the stack has called {@link reconcile}. */
  readonly asDeclared: Promise<pulumi.Resource>;
  /** Declares a bucket. @throws Error when there is one of that name already */
  addBucket(name: string, args?: BucketArgs): Bucket;
  /** Brings the store to what was declared and connected: the last thing, when all connections are made. */
  reconcile(): void;
}

/** Names of the files of the Secret with a client's keys. */
export const credentialFiles = { accessKeyId: "access-key-id", secretAccessKey: "secret-access-key" } as const;
