import * as pulumi from "@pulumi/pulumi";
import { packed } from "../../../services/bundle.ts";
import type { CertificateAuthority, ScrapeTarget, Watched, Zone } from "../../network/index.ts";
import { createConfigMap, Endpoint, hashOf, Workload } from "../../network/index.ts";
import type { Kafka } from "../index.ts";
import { name as eventsName, eventsSpecification, eventsWorkload, files, objects, port, topics } from "./spec.ts";

/** Where whoever follows what happens finds it. */
export const eventsTopic = topics.events;

export interface ImEventsArgs {
  readonly zone: Zone;
  readonly authority: CertificateAuthority;
  /** Image `node`, by digest. */
  readonly image: string;
  readonly kafka: Kafka;
  /** Topic with the homeserver's rows, as they were captured. */
  readonly captured: string;
  /** Partitions of the topic of events. They may grow, but then rooms go elsewhere than before. */
  readonly partitions: number;
  /** How long events are kept in Kafka, in hours. @default the brokers' */
  readonly retentionHours?: number | undefined;
  readonly replicas: number;
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Whether replicas must, or only should, run on different machines. @default "preferred" */
  readonly spread?: "required" | "preferred";
}

/** Makes events of one model out of what was captured, in the topic `im.events`, whatever the engine of the IM service. */
export class ImEvents extends pulumi.ComponentResource implements Watched {
  readonly scrapeTargets: readonly ScrapeTarget[];

  constructor(name: string, args: ImEventsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:kafka:ImEvents", name, {}, pulumi.mergeOptions(opts, { dependsOn: args.zone }));
    const child = { parent: this };
    const { zone, authority, kafka, captured, partitions, retentionHours } = args;
    const { namespace } = zone;
    const peer = zone.peer(eventsName);
    const { bootstrapServers, certificateSecret, certificateHash } = kafka.topic(captured).connect(peer, "read");
    kafka.addTopic(topics.events, { partitions, retentionHours }).connect(peer, "write");
    // Somebody has to look at what is in it, and may be on holiday.
    kafka.addTopic(topics.deadLetters, { partitions: 1, retentionHours: 2160 }).connect(peer, "write");
    const https = new Endpoint(eventsName, { server: peer, port, authority }, child);
    this.scrapeTargets = [{ job: eventsName, endpoint: https }];
    const certificate = authority.issue(
      objects.certificate,
      { namespace, dnsNames: [https.host] },
      { dependsOn: zone },
    );
    const data = {
      [files.program]: packed(eventsName),
      [files.specification]: JSON.stringify(eventsSpecification(captured, bootstrapServers)),
    };
    const before = [https, createConfigMap(objects.program, namespace, data, child)];
    const spec = eventsWorkload({ ...args, peer, accountSecret: certificateSecret });
    const configHash = hashOf(data, certificate.hash, certificateHash);
    const dependsOn = kafka.asDeclared.then((declared) => [...before, declared]);
    new Workload(eventsName, { spec, configHash }, { ...child, dependsOn });
    this.registerOutputs({});
  }
}
