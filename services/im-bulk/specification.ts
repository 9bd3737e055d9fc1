import type { Account } from "./outcome.ts";
import type { SenderShare } from "./schedule.ts";

/** What the program is told: written by the stack. */
export interface BulkSpecification {
  readonly bootstrapServers: readonly string[];
  /** The program's name at Kafka, with which its groups of consumers begin. */
  readonly group: string;
  /** Folder with `tls.crt`, `tls.key` and `ca.crt` of the account at Kafka. */
  readonly accountFolder: string;
  /** Topic of what is none, and of what the homeserver refuses. */
  readonly deadLetters: string;
  readonly homeserver: {
    readonly engine: "matrix";
    readonly url: string;
    readonly domain: string;
    readonly authorityFile: string;
    /** The application service's token, and nothing else. */
    readonly tokenFile: string;
  };
  /** All together, in messages a second. */
  readonly messagesPerSecond: number;
  /** The homeserver is busy when it needs longer than this for a message, in milliseconds. */
  readonly targetLatencyMs: number;
  /** By name. */
  readonly senders: Readonly<Record<string, SenderSpecification>>;
  /** Health and metrics. */
  readonly server: { readonly port: number; readonly certificateFile: string; readonly keyFile: string };
}

export interface SenderSpecification extends SenderShare, Account {
  /** What it alone writes to. */
  readonly topic: string;
}
