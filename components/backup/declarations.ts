import type { BucketSpecification } from "../../services/object-store/specification.ts";
import type { Peer } from "../network/index.ts";
import { bucketPolicy, widest } from "./policy.ts";
import type { BucketAccess, BucketArgs } from "./store.ts";

/** The longest and shortest that S3 takes, and what it may be of. */
const bucketName = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** What was declared of a store so far: its buckets, and which client may do what in them. */
export class Declarations {
  /** Clients that were connected, by name. */
  readonly clients = new Map<string, Peer>();
  private readonly buckets = new Map<
    string,
    { readonly args: BucketArgs; readonly access: Map<string, BucketAccess> }
  >();
  private readonly prefix: string;
  private closed = false;

  /** @param prefix of all names, in a store that others use too */
  constructor(prefix = "") {
    this.prefix = prefix;
  }

  /** @returns the bucket's name, as the store has it @throws Error when it cannot be one, or is there already */
  add(name: string, args: BucketArgs): string {
    const bucket = `${this.prefix}${name}`;
    if (!bucketName.test(bucket))
      throw new Error(`"${bucket}" is no name of a bucket: 3 to 63 lower-case letters, digits and hyphens are.`);
    if (this.buckets.has(bucket))
      throw new Error(`The object store has a bucket "${bucket}" already. Take another name.`);
    this.buckets.set(bucket, { args, access: new Map() });
    return bucket;
  }

  /** @throws Error when the store was brought to what was declared before, or the client's name is another's too */
  connect(client: Peer, bucket: string, access: BucketAccess): void {
    if (this.closed)
      throw new Error(
        `The object store was reconciled before ${client.name} was connected to ${bucket}: connect first.`,
      );
    const known = this.clients.get(client.name);
    if (known !== undefined && known.namespace !== client.namespace)
      throw new Error(
        `Two clients of the object store are called ${client.name}, in ${known.namespace} and ${client.namespace}. Rename one.`,
      );
    this.clients.set(client.name, client);
    const its = this.buckets.get(bucket)?.access;
    its?.set(client.name, widest(its.get(client.name), access));
  }

  /** All of it: nothing can be added any more. @param decides whether the stack says who may do what, by the clients' names */
  close(decides: boolean): Readonly<Record<string, BucketSpecification>> {
    this.closed = true;
    const specification = ([bucket, { args, access }]: [
      string,
      { args: BucketArgs; access: Map<string, BucketAccess> },
    ]) => {
      const policy = decides ? bucketPolicy(bucket, access) : undefined;
      return [bucket, { objectLock: args.objectLock ?? false, ...(policy && { policy }) }] as const;
    };
    return Object.fromEntries([...this.buckets].map(specification));
  }
}
