import * as pulumi from "@pulumi/pulumi";
import { packed } from "../../../services/bundle.ts";
import type { ImService } from "../../im/index.ts";
import type { CertificateAuthority, Peer, ScrapeTarget, Watched, Zone } from "../../network/index.ts";
import { createConfigMap, createSecret, Endpoint, hashOf, Workload } from "../../network/index.ts";
import type { Kafka, UserArgs } from "../index.ts";
import {
  name as bulkName,
  bulkSpecification,
  bulkWorkload,
  deadLetters,
  files,
  objects,
  port,
  type Sender,
  topicOf,
  userOf,
} from "./spec.ts";

/** However a sender compresses its records: brokers write them so that the program, which has neither lz4 nor snappy, can read them. */
const RECOMPRESSED = { "compression.type": "gzip" };

/** A program of somebody else in the cluster that writes into rooms. */
export interface SenderArgs extends Sender, Pick<UserArgs, "namespace" | "podLabels" | "producerKiBPerSecond"> {
  /** How long its messages wait at most, in hours. @default the brokers' */
  readonly retentionHours?: number | undefined;
}

export interface ImBulkArgs {
  readonly zone: Zone;
  readonly authority: CertificateAuthority;
  /** Image `node`, by digest. */
  readonly image: string;
  readonly kafka: Kafka;
  readonly service: Pick<ImService, "bulk"> & pulumi.Resource;
  /** By name. */
  readonly senders: Readonly<Record<string, SenderArgs>>;
  /** All together, in messages a second. */
  readonly messagesPerSecond: number;
  /** The homeserver is busy when it needs longer than this for a message. */
  readonly targetLatencyMs: number;
  readonly cpus: number;
  readonly memoryMiB: number;
}

/**
 * Brings what programs write to topics of their own into rooms of the IM service, at the pace that it can take, and each in its turn.
 */
export class ImBulk extends pulumi.ComponentResource implements Watched {
  readonly scrapeTargets: readonly ScrapeTarget[];

  constructor(name: string, args: ImBulkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:kafka:ImBulk", name, {}, pulumi.mergeOptions(opts, { dependsOn: [args.zone, args.service] }));
    const child = { parent: this };
    const { zone, authority, kafka, service } = args;
    const { namespace } = zone;
    const peer = zone.peer(bulkName);
    const account = declareTopics(kafka, peer, args.senders);
    const homeserver = service.bulk(peer);
    const https = new Endpoint(bulkName, { server: peer, port, authority }, child);
    this.scrapeTargets = [{ job: bulkName, endpoint: https }];
    const certificate = authority.issue(
      objects.certificate,
      { namespace, dnsNames: [https.host] },
      { dependsOn: zone },
    );
    const { bootstrapServers } = account;
    const data = {
      [files.program]: packed(bulkName),
      [files.specification]: JSON.stringify(bulkSpecification({ ...args, bootstrapServers, homeserver })),
    };
    const token = { [files.token]: homeserver.token };
    const before = [
      https,
      service,
      createConfigMap(objects.program, namespace, data, child),
      createSecret(objects.token, namespace, token, child),
    ];
    const spec = bulkWorkload({
      ...args,
      peer,
      accountSecret: account.certificateSecret,
      homeserverAuthority: homeserver.caConfigMap,
    });
    const configHash = hashOf(data, token, certificate.hash, account.certificateHash);
    const dependsOn = kafka.asDeclared.then((declared) => [...before, declared]);
    new Workload(bulkName, { spec, configHash }, { ...child, dependsOn });
    this.registerOutputs({});
  }
}

/** A topic for each sender, in which it writes and the program reads; and one of what was put aside. Returns the program's account. */
function declareTopics(kafka: Kafka, peer: Peer, senders: Readonly<Record<string, SenderArgs>>) {
  for (const [sender, { namespace, podLabels, producerKiBPerSecond, retentionHours }] of Object.entries(senders)) {
    const topic = topicOf(sender);
    // In more of them there would be no order.
    kafka.addTopic(topic, { partitions: 1, retentionHours, configuration: RECOMPRESSED }).connect(peer, "read");
    kafka.addUser(userOf(sender), { read: [], write: [topic], namespace, podLabels, producerKiBPerSecond });
  }
  // Somebody has to look at what is in it, and may be on holiday.
  return kafka.addTopic(deadLetters, { partitions: 1, retentionHours: 2160 }).connect(peer, "write");
}
