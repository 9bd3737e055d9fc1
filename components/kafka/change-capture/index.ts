import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { packed } from "../../../services/bundle.ts";
import type { CertificateAuthority, Peer, ScrapeTarget, Watched, Zone } from "../../network/index.ts";
import { createConfigMap, Endpoint, hashOf, headlessService, Workload } from "../../network/index.ts";
import type { CaptureConnection } from "../../postgres/index.ts";
import type { Kafka, TopicConnection } from "../index.ts";
import type { CapturedTable } from "./connector.ts";
import { heartbeatPrefix, objects, ports, sharedTopics, topicOf } from "./names.ts";
import { certificateSecret, connectorsFiles, connectorsSpecification, workers } from "./spec.ts";
import { workerHost } from "./start-script.ts";
import { workerFiles } from "./worker-files.ts";

export type { CapturedTable } from "./connector.ts";
export { topicOf as capturedTopic } from "./names.ts";

export interface ChangeCaptureArgs {
  readonly zone: Zone;
  readonly authority: CertificateAuthority;
  /** Images, by digest. */
  readonly images: { readonly "kafka-connect": string; readonly node: string };
  readonly kafka: Kafka;
  /** Lets the workers read the changes of a database: `database.capture(client, …)`. */
  readonly source: (client: Peer, opts: pulumi.CustomResourceOptions) => CaptureConnection;
  /** Tables whose new rows are written to Kafka. */
  readonly tables: readonly CapturedTable[];
  /** Partitions of each table's topic. They may grow, but then rows of one key go elsewhere than before. */
  readonly partitions: number;
  /** Raised to read everything again from the tables. @default 1 */
  readonly generation?: number;
  /** How long rows are kept in Kafka, in hours. @default the brokers' */
  readonly retentionHours?: number | undefined;
  readonly workers: {
    readonly replicas: number;
    readonly cpus: number;
    readonly memoryMiB: number;
    /** Heap of the virtual machine, in MiB. */
    readonly heapMiB: number;
  };
  /** What looks after the connectors beside each worker. */
  readonly watchers: { readonly cpus: number; readonly memoryMiB: number };
  /** Whether workers must, or only should, run on different machines. @default "preferred" */
  readonly spread?: "required" | "preferred";
}

/** Kafka Connect with Debezium: what is written into tables of a database is in Kafka a moment later, each row at least once. */
export class ChangeCapture extends pulumi.ComponentResource implements Watched {
  readonly scrapeTargets: readonly ScrapeTarget[];

  constructor(name: string, args: ChangeCaptureArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:kafka:ChangeCapture", name, {}, pulumi.mergeOptions(opts, { dependsOn: args.zone }));
    const child = { parent: this };
    const { zone, authority, kafka, images } = args;
    const { namespace } = zone;
    const peer = zone.peer(objects.worker);
    const source = args.source(peer, child);
    const prefix = source.database;
    const shared = declareTopics(args, peer, prefix);
    const serve = (endpoint: string, port: number) =>
      new Endpoint(
        `${peer.name}-${endpoint}`,
        { server: peer, port, host: `${peer.name}.${namespace}.svc`, authority },
        child,
      );
    const rest = serve("rest", ports.rest);
    rest.connect(peer);
    this.scrapeTargets = [
      { job: objects.worker, endpoint: serve("metrics", ports.metrics) },
      { job: objects.connectors, endpoint: serve("connectors", ports.connectors) },
    ];

    const { replicas, heapMiB } = args.workers;
    const hosts = Array.from({ length: replicas }, (_, ordinal) => workerHost(namespace, ordinal));
    const certificate = authority.issue(
      certificateSecret,
      { namespace, dnsNames: [`${peer.name}.${namespace}.svc`, ...hosts], uses: ["server", "client"] },
      { dependsOn: zone },
    );
    const data = workerFiles({
      ...{ bootstrapServers: shared.bootstrapServers, replicas: kafka.replicationFactor, namespace, heapMiB },
    });
    const { tables, generation = 1 } = args;
    const specification = connectorsSpecification(namespace, { source, prefix, tables, generation });
    const programs = {
      [connectorsFiles.program]: packed(objects.connectors),
      [connectorsFiles.specification]: JSON.stringify(specification),
    };
    const restPorts = { rest: ports.rest, metrics: ports.metrics, connectors: ports.connectors };
    const service = headlessService(peer, { ports: restPorts, namesUnready: true });
    const before = [
      ...source.prepared,
      rest,
      new kubernetes.core.v1.Service(peer.name, service, child),
      createConfigMap(objects.worker, namespace, data, child),
      createConfigMap(objects.connectors, namespace, programs, child),
    ];
    const dependsOn = kafka.asDeclared.then((topics) => [...before, topics]);
    const spec = workers({
      ...{ peer, images, ...args.workers, watchers: args.watchers, spread: args.spread },
      kafkaSecret: shared.certificateSecret,
      databaseSecret: source.passwordSecretName,
      caConfigMap: source.caConfigMap,
    });
    // All of it is read at the start.
    const configHash = hashOf(data, programs, source.password, certificate.hash, shared.certificateHash);
    new Workload(peer.name, { spec, configHash }, { ...child, dependsOn });
    this.registerOutputs({});
  }
}

/** Declares the topics of the tables, and the workers' own. Returns how workers reach Kafka. */
function declareTopics({ kafka, ...args }: ChangeCaptureArgs, peer: Peer, prefix: string): TopicConnection {
  const { partitions, retentionHours } = args;
  // What is in the workers' own is for ever: the last word about each key.
  const configuration = { "cleanup.policy": "compact" };
  for (const [topic, count] of [
    [sharedTopics.configs, 1],
    [sharedTopics.offsets, 5],
    [sharedTopics.status, 1],
  ] as const) {
    const shared = kafka.addTopic(topic, { partitions: count, configuration });
    shared.connect(peer, "read");
    shared.connect(peer, "write");
  }
  for (const table of args.tables)
    kafka.addTopic(topicOf(prefix, table), { partitions, retentionHours }).connect(peer, "write");
  const heartbeat = kafka.addTopic(`${heartbeatPrefix}.${prefix}`, { partitions: 1, retentionHours: 24 });
  return heartbeat.connect(peer, "write");
}
