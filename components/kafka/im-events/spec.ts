/** Pure: what writes the events of the model, and how it runs. */
import type { EventsSpecification } from "../../../services/im-events/specification.ts";
import type { Peer, ServiceSpec } from "../../network/index.ts";
import { configMapMount, nodeService, nodeUser, secretMount } from "../../network/index.ts";

/** Name of the program, of its pods, of its account at Kafka, and beginning of its objects' names. */
export const name = "im-events";

/** Topics that it writes: events, and what is none. */
export const topics = { events: "im.events", deadLetters: "im.events.dead-letter" } as const;

export const port = 9408;
export const files = { program: "im-events.js.gz", specification: "im-events.json" } as const;
export const objects = { program: name, certificate: `${name}-tls` } as const;

const folders = { program: "/program", tls: "/tls", account: "/account" } as const;

/** @param captured topic with the rows that it reads */
export function eventsSpecification(captured: string, bootstrapServers: readonly string[]): EventsSpecification {
  return {
    bootstrapServers,
    group: name,
    accountFolder: folders.account,
    captured,
    ...topics,
    server: { port, certificateFile: `${folders.tls}/tls.crt`, keyFile: `${folders.tls}/tls.key` },
  };
}

export interface EventsWorkloadArgs {
  readonly peer: Peer;
  /** Image `node`, by digest. */
  readonly image: string;
  readonly replicas: number;
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Secret with the certificate that is the account at Kafka. */
  readonly accountSecret: string;
  readonly spread?: "required" | "preferred" | undefined;
}

/** Of several pods each has a part of the rooms. */
export function eventsWorkload(args: EventsWorkloadArgs): ServiceSpec {
  const { peer, image, replicas, cpus, memoryMiB, accountSecret, spread } = args;
  return {
    peer,
    kind: "StatefulSet",
    replicas,
    userId: nodeUser,
    groupId: nodeUser,
    ...(spread && { spread }),
    containers: [
      nodeService({
        ...{ name, image, cpus, memoryMiB, port },
        program: `${folders.program}/${files.program}`,
        specification: `${folders.program}/${files.specification}`,
        mounts: [
          configMapMount("program", folders.program, objects.program),
          secretMount("tls", folders.tls, objects.certificate),
          secretMount("account", folders.account, accountSecret),
        ],
      }),
    ],
  };
}
