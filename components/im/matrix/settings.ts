import type { ArchiveNotice } from "./archive-notice.ts";

/** What an operator may ask of the Matrix engine. */
export interface MatrixSettings {
  /** Host name of the homeserver's API. */
  readonly host: string;
  /** Host name of the web client. */
  readonly webHost: string;
  /** What is archived of what people write. @default nothing is */
  readonly archive?: ArchiveNotice | undefined;
  /** New rooms that are end-to-end encrypted unless their maker says otherwise. */
  readonly encryption: "all" | "invite" | "off";
  readonly media: {
    /** Largest file, in MiB. */
    readonly maxUploadMiB: number;
  };
  /** Days that things are kept, or `"forever"`. */
  readonly retention: {
    readonly messagesDays: number | "forever";
    /** Counted from the last time that somebody opened the file. */
    readonly mediaDays: number | "forever";
    /** Counted from when the message was removed. */
    readonly redactedDays: number;
  };
  readonly urlPreviews: UrlPreviews;
  readonly rateLimits: {
    /** Whether many people come from one address. */
    readonly sharedAddresses: boolean;
    /** Messages of one account, on average. */
    readonly messagesPerSecond: number;
    /** Messages of one account at once, before the average counts. */
    readonly messageBurst: number;
  };
  readonly administrator: {
    /** The part of the identifier between `@` and `:`. */
    readonly localpart: string;
  };
}

/** Whether Synapse fetches the pages that people link to. */
export type UrlPreviews =
  | { readonly kind: "off" }
  | {
      readonly kind: "fenced";
      /** Address ranges that are blocked beside all that are not public. */
      readonly blockedCidrs: readonly string[];
      /** Largest page, in MiB. */
      readonly maxPageMiB: number;
    };

/** What Synapse is given to work with. */
export interface SynapseSizing {
  /** Processors that it is guaranteed, in cores. */
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Volume for media, in GiB. */
  readonly storageGiB: number;
  /** Connections to PostgreSQL that a process keeps at least and opens at most. */
  readonly connections: { readonly min: number; readonly max: number };
  readonly caches: {
    readonly globalFactor: number;
    readonly eventCacheSize: number;
    /** Memory, in MiB, at which entries are evicted, and down to which. */
    readonly maxMemoryMiB: number;
    readonly targetMemoryMiB: number;
  };
}

/** What the web client is given to work with. */
export interface WebSizing {
  readonly replicas: number;
  readonly cpus: number;
  readonly memoryMiB: number;
}
