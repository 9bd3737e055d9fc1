import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { packed } from "../../services/bundle.ts";
import type { Grant, KafkaSpecification, Quota } from "../../services/kafka-topics/specification.ts";
import type { Certificate, CertificateAuthority, Peer, ScrapeTarget, Watched, Zone } from "../network/index.ts";
import { createConfigMap, createSecret, Endpoint, hashOf, Workload } from "../network/index.ts";
import { replication } from "./config.ts";
import type { NodeRole } from "./names.ts";
import { clusterIdOf, commonNameOf, nodeHost, objects, ports, superUsers } from "./names.ts";
import { nodeFiles } from "./node-files.ts";
import {
  bootstrapServers,
  certificateSecret,
  claim,
  claimName,
  guardConfigMap,
  nodesService,
  nodesWorkload,
  topicsWorkload,
} from "./spec.ts";
import { clusterIdFile } from "./start-script.ts";
import type { TopicArgs } from "./topic.ts";
import { topicSpecification } from "./topic.ts";

export type { CapturedTable, ChangeCaptureArgs } from "./change-capture/index.ts";
export { ChangeCapture, capturedTopic } from "./change-capture/index.ts";
export type { ImBulkArgs, SenderArgs } from "./im-bulk/index.ts";
export { ImBulk } from "./im-bulk/index.ts";
export { eventsTopic, ImEvents } from "./im-events/index.ts";
export type { TopicArgs } from "./topic.ts";

/** What each node of a kind gets. */
export interface NodeSizing {
  readonly replicas: number;
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Heap of the virtual machine, in MiB. */
  readonly heapMiB: number;
  /** Volume of each, in GiB. It can grow, never shrink. */
  readonly storageGiB: number;
}

/** A program of somebody else in the cluster, whose own egress is not ours to rule. */
export interface UserArgs {
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** Namespace of its pods, and their labels. */
  readonly namespace: string;
  readonly podLabels: Readonly<Record<string, string>>;
  readonly producerKiBPerSecond?: number | undefined;
  readonly consumerKiBPerSecond?: number | undefined;
}

export interface KafkaArgs {
  readonly zone: Zone;
  readonly authority: CertificateAuthority;
  /** Images, by digest. */
  readonly images: { readonly kafka: string; readonly node: string };
  readonly brokers: NodeSizing;
  /** What says beside each broker when it is ready, and may stop. */
  readonly guards: { readonly cpus: number; readonly memoryMiB: number };
  /** The quorum, where it is apart. @default the one broker is its own */
  readonly controllers?: NodeSizing;
  /** How long records are kept where a topic says nothing else, in hours. */
  readonly retentionHours: number;
  /** By name. @default none */
  readonly topics?: Readonly<Record<string, TopicArgs>>;
  /** Topics that are removed with all their records. @default none: one that is no longer declared stays */
  readonly removedTopics?: readonly string[];
  /** By name. @default none */
  readonly users?: Readonly<Record<string, UserArgs>>;
  /** @default the cluster's default class */
  readonly storageClass?: string | undefined;
  /** Whether the cluster's id and its volumes are protected from deletion. @default true */
  readonly protect?: boolean;
  /** Whether nodes of a kind must, or only should, run on different machines. @default "preferred" */
  readonly spread?: "required" | "preferred";
}

/** What a client needs to use a topic, over TLS with a certificate of its own. */
export interface TopicConnection {
  readonly topic: string;
  /** Each broker, with its port. */
  readonly bootstrapServers: readonly string[];
  /** Name of the client's groups of consumers, or the beginning of one, with a dot after it. */
  readonly group: string;
  /** Secret in the client's namespace with `tls.crt`, `tls.key`, `ca.crt`, and `keystore.pem` for Java. */
  readonly certificateSecret: string;
  /** Changes with the certificate, for programs that read it only at their start. */
  readonly certificateHash: pulumi.Output<string>;
}

export type Access = Grant["access"];

/** A topic that was declared. Nobody reads or writes it but through a connection that is made here. */
export interface Topic {
  connect(client: Peer, access: Access): TopicConnection;
}

/** Apache Kafka in KRaft mode: one node that is all, or a quorum of three with brokers beside it. */
export class Kafka extends pulumi.ComponentResource implements Watched {
  readonly scrapeTargets: readonly ScrapeTarget[];
  /** Copies of each partition, and so many of its brokers may be gone but one. */
  readonly replicationFactor: number;
  /** What has made all topics and rules, when the stack has called {@link reconcile}. */
  readonly asDeclared: Promise<pulumi.Resource>;
  private readonly args: KafkaArgs;
  private readonly topics: Map<string, TopicArgs>;
  private readonly users = new Map<string, UserArgs>();
  private readonly reconciling = Promise.withResolvers<pulumi.Resource>();
  private readonly clients: Endpoint;
  private readonly nodes: readonly pulumi.Resource[];
  private readonly grants = new Map<string, Grant[]>();
  private readonly certificates = new Map<string, { readonly namespace: string; readonly certificate: Certificate }>();
  private reconciled = false;

  constructor(name: string, args: KafkaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:kafka:Kafka", name, {}, pulumi.mergeOptions(opts, { dependsOn: args.zone }));
    this.args = args;
    this.topics = new Map(Object.entries(args.topics ?? {}));
    this.replicationFactor = replication({ brokers: args.brokers.replicas }).factor;
    this.asDeclared = this.reconciling.promise;
    const { zone, authority, controllers } = args;
    const { namespace } = zone;
    const child = { parent: this };
    const brokerPeer = zone.peer(objects.broker);
    const quorumPeer = controllers === undefined ? brokerPeer : zone.peer(objects.controller);
    const serve = (server: Peer, listener: string, port: number) =>
      new Endpoint(
        `${server.name}-${listener}`,
        { server, port, host: `${server.name}.${namespace}.svc`, authority },
        child,
      );
    this.clients = serve(brokerPeer, "client", ports.client);
    const between = serve(brokerPeer, "broker", ports.broker);
    const quorum = serve(quorumPeer, "controller", ports.controller);
    between.connect(brokerPeer);
    quorum.connect(brokerPeer);
    if (controllers !== undefined) quorum.connect(quorumPeer);
    this.scrapeTargets = [...new Set([brokerPeer, quorumPeer])].map((peer) => ({
      job: peer.name,
      endpoint: serve(peer, "metrics", ports.metrics),
    }));

    const clusterId = this.createClusterId();
    const role = controllers === undefined ? "combined" : "broker";
    const listeners = { client: ports.client, broker: ports.broker };
    const quorumListener = { controller: ports.controller };
    const contents = { [clusterIdFile]: clusterId };
    const after = [this.clients, between, quorum, createSecret(objects.clusterId, namespace, contents, child)];
    const brokers = this.run({
      ...{ peer: brokerPeer, role, sizing: args.brokers, clusterId, after },
      listeners: { ...listeners, ...(role === "combined" && quorumListener) },
    });
    this.nodes =
      controllers === undefined
        ? [brokers]
        : [
            brokers,
            this.run({
              ...{ peer: quorumPeer, role: "controller", sizing: controllers, clusterId, after },
              listeners: quorumListener,
            }),
          ];
    for (const [user, each] of Object.entries(args.users ?? {})) this.addUser(user, each);
    this.registerOutputs({});
  }

  /** Declares a topic of another component's own. @throws Error when there is one of that name already */
  addTopic(name: string, args: TopicArgs): Topic {
    if (this.topics.has(name)) throw new Error(`Kafka has a topic "${name}" already. Take another name.`);
    this.topics.set(name, args);
    return this.topic(name);
  }

  /** Lets a program of somebody else in. @throws Error when there is one of that name already */
  addUser(name: string, user: UserArgs): void {
    if (this.users.has(name)) throw new Error(`Kafka has a user "${name}" already. Take another name.`);
    this.users.set(name, user);
    const { read, write, namespace, podLabels } = user;
    this.clients.open({ name: `user-${name}`, namespace, podLabels });
    for (const topic of read) this.grant(name, namespace, topic, "read");
    for (const topic of write) this.grant(name, namespace, topic, "write");
  }

  /** @throws Error when the topic is not one of those that are declared */
  topic(name: string): Topic {
    if (!this.topics.has(name)) {
      const declared = [...this.topics.keys()].join(", ") || "none";
      throw new Error(`Kafka has no topic "${name}", only ${declared}. Add it to \`topics\`.`);
    }
    return {
      connect: (client, access) => {
        // Who uses several topics has one account, and one way to the brokers.
        if (!this.certificates.has(client.name)) this.clients.connect(client, [this.args.zone]);
        return this.grant(client.name, client.namespace, name, access);
      },
    };
  }

  /** Brings topics, rules and quotas to what was declared and connected: the last thing, when all connections are made. */
  reconcile(): void {
    const { zone, images, removedTopics = [] } = this.args;
    this.reconciled = true;
    const child = { parent: this };
    const { namespace } = zone;
    const peer = zone.peer(objects.topics);
    this.clients.connect(peer);
    const { replicas } = this.args.brokers;
    const specification: KafkaSpecification = {
      bootstrapServers: bootstrapServers(namespace, replicas),
      brokers: replicas,
      topics: Object.fromEntries([...this.topics].map(([topic, each]) => [topic, topicSpecification(each, replicas)])),
      removedTopics,
      users: Object.fromEntries(
        [...this.grants].map(([user, grants]) => {
          const quota = quotaOf(this.users.get(user));
          return [user, { grants, ...(quota && { quota }) }];
        }),
      ),
    };
    const certificate = this.issue(certificateSecret(peer), superUsers.topics, namespace);
    const data = { "topics.js.gz": packed("kafka-topics"), "topics.json": JSON.stringify(specification) };
    const dependsOn = [...this.nodes, this.clients, createConfigMap(objects.topics, namespace, data, child)];
    const configHash = hashOf(JSON.stringify(data), certificate.hash);
    const spec = topicsWorkload({ peer, image: images.node });
    this.reconciling.resolve(new Workload(objects.topics, { spec, configHash }, { ...child, dependsOn }));
  }

  /** Another quorum is another cluster: what it knew of topics would be lost, so that the id changes, and is protected. */
  private createClusterId(): pulumi.Output<string> {
    const { protect = true, controllers } = this.args;
    const keepers = { quorum: controllers === undefined ? "combined" : "apart" };
    const id = new random.RandomId("kafka-cluster-id", { byteLength: 16, keepers }, { parent: this, protect });
    return id.b64Url.apply(clusterIdOf);
  }

  private run(nodes: {
    readonly peer: Peer;
    readonly role: NodeRole;
    readonly sizing: NodeSizing;
    readonly listeners: Readonly<Record<string, number>>;
    readonly clusterId: pulumi.Output<string>;
    readonly after: readonly pulumi.Resource[];
  }): Workload {
    const { peer, role, sizing, listeners, clusterId, after } = nodes;
    const { images, brokers, guards, controllers, retentionHours, storageClass, protect = true, spread } = this.args;
    const child = { parent: this };
    const { namespace } = peer;
    const { replicas, storageGiB, heapMiB } = sizing;
    const ordinals = Array.from({ length: replicas }, (_, ordinal) => ordinal);
    const dnsNames = [`${peer.name}.${namespace}.svc`, ...ordinals.map((each) => nodeHost(peer.name, namespace, each))];
    const certificate = this.issue(certificateSecret(peer), superUsers.node, namespace, dnsNames);
    const topology = { namespace, brokers: brokers.replicas, controllers: controllers?.replicas ?? 0 };
    const data = nodeFiles({ ...topology, role, retentionHours, heapMiB });
    const claims = ordinals.map(
      (each) =>
        new kubernetes.core.v1.PersistentVolumeClaim(
          claimName(peer, each),
          claim(peer, each, storageGiB, storageClass),
          { ...child, protect, retainOnDelete: protect },
        ),
    );
    const guard = { "guard.js.gz": packed("kafka-guard") };
    const dependsOn = [
      ...after,
      ...claims,
      new kubernetes.core.v1.Service(peer.name, nodesService(peer, { ...listeners, metrics: ports.metrics }), child),
      createConfigMap(peer.name, namespace, data, child),
      ...(role === "controller" ? [] : [createConfigMap(guardConfigMap(peer), namespace, guard, child)]),
    ];
    const spec = nodesWorkload({ ...sizing, peer, role, images, guards, storageClass, spread });
    // All of it is read when a node starts.
    const configHash = hashOf(data, clusterId, guard, certificate.hash);
    // One after the other, each with the time that it takes to have its copies in sync.
    const customTimeouts = { create: "15m", update: "60m" };
    return new Workload(peer.name, { spec, configHash, customTimeouts }, { ...child, dependsOn, protect });
  }

  private grant(user: string, namespace: string, topic: string, access: Access): TopicConnection {
    if (this.reconciled)
      throw new Error(`Kafka was reconciled before ${user} was connected to ${topic}: connect first.`);
    const known = this.certificates.get(user);
    if (known !== undefined && known.namespace !== namespace)
      throw new Error(`Two users of Kafka are called ${user}, in ${known.namespace} and ${namespace}. Rename one.`);
    const certificateName = `kafka-user-${user}`;
    const certificate = known?.certificate ?? this.issue(certificateName, user, namespace);
    this.certificates.set(user, { namespace, certificate });
    const grants = this.grants.get(user) ?? [];
    if (!grants.some((each) => each.topic === topic && each.access === access)) grants.push({ topic, access });
    this.grants.set(user, grants);
    return {
      topic,
      bootstrapServers: bootstrapServers(this.args.zone.namespace, this.args.brokers.replicas),
      group: user,
      certificateSecret: certificateName,
      certificateHash: certificate.hash,
    };
  }

  private issue(name: string, principal: string, namespace: string, hosts: readonly string[] = []): Certificate {
    return this.args.authority.issue(
      name,
      {
        namespace,
        dnsNames: hosts,
        commonName: commonNameOf(principal),
        uses: hosts.length === 0 ? ["client"] : ["server", "client"],
        keyStore: true,
      },
      { dependsOn: this.args.zone },
    );
  }
}

function quotaOf(user: UserArgs | undefined): Quota | undefined {
  const { producerKiBPerSecond, consumerKiBPerSecond } = user ?? {};
  if (producerKiBPerSecond === undefined && consumerKiBPerSecond === undefined) return undefined;
  return {
    ...(producerKiBPerSecond !== undefined && { producerBytesPerSecond: producerKiBPerSecond * 1024 }),
    ...(consumerKiBPerSecond !== undefined && { consumerBytesPerSecond: consumerKiBPerSecond * 1024 }),
  };
}
