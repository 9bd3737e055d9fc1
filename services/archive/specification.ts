/** What the program is told: written by the stack. */

/** A bucket of any S3, with the account that may use it. */
export interface BucketSpecification {
  /** Without a path: `https://object-store.roost.svc:7070`. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** Whether the bucket stands in the path of requests, or before the host name. */
  readonly pathStyle: boolean;
  /** Folder with `access-key-id` and `secret-access-key`. */
  readonly accountFolder: string;
  /** Authority of the store's certificate. @default public authorities */
  readonly caFile?: string;
}

/** Nobody deletes or overwrites what is locked before its time. @source https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html */
export interface LockSpecification {
  /** `COMPLIANCE`: nobody at all; `GOVERNANCE`: nobody but who may pass over it. */
  readonly mode: "COMPLIANCE" | "GOVERNANCE";
  readonly days: number;
}

/** What somebody has ordered to be kept, however old it is. */
export interface HoldSpecification {
  /** Why, as it is told in the archive: a case's number, never its story. */
  readonly reason: string;
  readonly rooms: readonly string[];
  /** Whole identifiers: `@ada:example.org`. */
  readonly persons: readonly string[];
}

export interface RetentionSpecification {
  /** Days that a batch is kept after it was written. @default for good */
  readonly days?: number;
  readonly holds: readonly HoldSpecification[];
}

/** When a batch is written: whichever comes first. */
export interface BatchLimits {
  /** Events of a partition. */
  readonly events: number;
  /** Text that is held in memory, of all partitions together, in bytes. */
  readonly bytes: number;
  /** Since the first event of the batch came. */
  readonly ageSeconds: number;
}

export interface HomeserverSpecification {
  readonly url: string;
  readonly caFile: string;
  /** Name that its identifiers end in: files of others are not waited for without end. */
  readonly serverName: string;
  /** An account of no rights but everybody's. */
  readonly account: { readonly localpart: string; readonly passwordFile: string };
  /** Longest file that is taken, in bytes. */
  readonly maxMediaBytes: number;
}

export interface ArchiveSpecification {
  readonly bootstrapServers: readonly string[];
  /** Name at Kafka. */
  readonly client: string;
  /** Folder with `tls.crt`, `tls.key` and `ca.crt` of the account at Kafka. */
  readonly accountFolder: string;
  /** Topic with events of the model. */
  readonly topic: string;
  readonly bucket: BucketSpecification;
  /** Where the bucket can do that. @default nothing is locked */
  readonly lock?: LockSpecification;
  readonly retention: RetentionSpecification;
  readonly batch: BatchLimits;
  readonly homeserver: HomeserverSpecification;
  /** Health and metrics. */
  readonly server: { readonly port: number; readonly certificateFile: string; readonly keyFile: string };
}
