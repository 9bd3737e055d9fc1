/** What there is to be in an object store: written by the stack, read by the program. */

/** Who may do what in a bucket, as S3 writes it. */
export interface BucketPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly BucketStatement[];
}

export interface BucketStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: { readonly AWS: readonly string[] };
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

export interface BucketSpecification {
  /** Whether its objects can be locked for a time. It keeps old versions in any case. */
  readonly objectLock: boolean;
  /** @default whose store it is has decided who may do what */
  readonly policy?: BucketPolicy;
}

export interface ObjectStoreSpecification {
  readonly endpoint: string;
  readonly region: string;
  readonly pathStyle: boolean;
  /** Whether the store is the environment's own: then nobody gets at a bucket that is not declared. */
  readonly own: boolean;
  /** By name. */
  readonly buckets: Readonly<Record<string, BucketSpecification>>;
}
