/** Pure: what brings messages of programs into rooms, and how it runs. */
import type { BulkSpecification } from "../../../services/im-bulk/specification.ts";
import type { BulkAccess } from "../../im/index.ts";
import type { Peer, ServiceSpec } from "../../network/index.ts";
import { configMapMount, nodeService, nodeUser, secretMount } from "../../network/index.ts";

/** Name of the program, of its pods, of its account at Kafka, and beginning of its objects' names. */
export const name = "im-bulk";

/** Topic of what is none, and of what the homeserver refuses. */
export const deadLetters = "im.bulk.dead-letter";

/** Topic of a sender, in which it alone writes: so Kafka says who has written a message. */
export function topicOf(sender: string): string {
  return `im.bulk.${sender}`;
}

/** Name of a sender at Kafka. */
export function userOf(sender: string): string {
  return `bulk-${sender}`;
}

export const port = 9409;
export const files = { program: "im-bulk.js.gz", specification: "im-bulk.json", token: "token" } as const;
export const objects = { program: name, certificate: `${name}-tls`, token: `${name}-token` } as const;

const folders = {
  program: "/program",
  tls: "/tls",
  account: "/account",
  token: "/token",
  authority: "/authority",
} as const;

/** A program that may write into rooms. */
export interface Sender {
  /** What people see. @default its name */
  readonly displayName?: string | undefined;
  /** Never more for it alone, in messages a second. @default no limit of its own */
  readonly messagesPerSecond?: number | undefined;
  /** What it gets when others wait, too: twice as much with 2 as with 1. */
  readonly share: number;
}

export interface BulkSpecificationArgs {
  readonly bootstrapServers: readonly string[];
  readonly homeserver: Pick<BulkAccess, "engine" | "url" | "domain" | "prefix">;
  /** By name. */
  readonly senders: Readonly<Record<string, Sender>>;
  /** All together, in messages a second. */
  readonly messagesPerSecond: number;
  /** The homeserver is busy when it needs longer than this for a message. */
  readonly targetLatencyMs: number;
}

export function bulkSpecification(args: BulkSpecificationArgs): BulkSpecification {
  const { bootstrapServers, homeserver, senders, messagesPerSecond, targetLatencyMs } = args;
  const { engine, url, domain, prefix } = homeserver;
  return {
    bootstrapServers,
    group: name,
    accountFolder: folders.account,
    deadLetters,
    homeserver: {
      ...{ engine, url, domain },
      authorityFile: `${folders.authority}/ca.crt`,
      tokenFile: `${folders.token}/${files.token}`,
    },
    messagesPerSecond,
    targetLatencyMs,
    senders: Object.fromEntries(
      Object.entries(senders).map(([sender, { displayName = sender, messagesPerSecond: own, share }]) => [
        sender,
        { topic: topicOf(sender), localpart: `${prefix}${sender}`, displayName, share, messagesPerSecond: own },
      ]),
    ),
    server: { port, certificateFile: `${folders.tls}/tls.crt`, keyFile: `${folders.tls}/tls.key` },
  };
}

export interface BulkWorkloadArgs {
  readonly peer: Peer;
  /** Image `node`, by digest. */
  readonly image: string;
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Secret with the certificate that is the account at Kafka. */
  readonly accountSecret: string;
  /** ConfigMap whose `ca.crt` verifies the homeserver. */
  readonly homeserverAuthority: string;
}

/**
 * One pod, also where all else is there twice: the pace is one program's. Kafka keeps what waits until it runs again, in seconds, or on
 * another node.
 */
export function bulkWorkload(args: BulkWorkloadArgs): ServiceSpec {
  const { peer, image, cpus, memoryMiB, accountSecret, homeserverAuthority } = args;
  return {
    peer,
    kind: "Deployment",
    replicas: 1,
    userId: nodeUser,
    groupId: nodeUser,
    containers: [
      nodeService({
        ...{ name, image, cpus, memoryMiB, port },
        program: `${folders.program}/${files.program}`,
        specification: `${folders.program}/${files.specification}`,
        mounts: [
          configMapMount("program", folders.program, objects.program),
          secretMount("tls", folders.tls, objects.certificate),
          secretMount("account", folders.account, accountSecret),
          secretMount("token", folders.token, objects.token),
          configMapMount("authority", folders.authority, homeserverAuthority),
        ],
      }),
    ],
  };
}
