/** Pure: from arguments to what runs. */
import type { types } from "@pulumi/kubernetes";
import type { ContainerSpec, JobSpec, Mount, Peer, ServiceSpec } from "../network/index.ts";
import { configMapMount, labelsOf, nodeUser, runPacked, secretMount, volumeClaim } from "../network/index.ts";
import { replication } from "./config.ts";
import type { NodeRole } from "./names.ts";
import { nodeHost, objects, paths, ports } from "./names.ts";
import { files } from "./start-script.ts";

/** The accounts in the images `kafka` and `node`. */
export const kafkaUser = 1001;

/** Longest that a broker waits, before it stops, for others to have what it has; and then to stop, in seconds. */
export const stopping = { waitSeconds: 120, shutdownSeconds: 120 } as const;

export interface NodesArgs {
  readonly peer: Peer;
  readonly role: NodeRole;
  /** Images, by digest. */
  readonly images: { readonly kafka: string; readonly node: string };
  readonly replicas: number;
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly storageGiB: number;
  /** Of what is beside each broker. */
  readonly guards: { readonly cpus: number; readonly memoryMiB: number };
  readonly storageClass?: string | undefined;
  readonly spread?: "required" | "preferred" | undefined;
}

/** Brokers, or the controllers of a quorum that is apart. */
export function nodesWorkload(args: NodesArgs): ServiceSpec {
  const { peer, role } = args;
  return {
    peer,
    kind: "StatefulSet",
    replicas: args.replicas,
    userId: kafkaUser,
    groupId: kafkaUser,
    terminationGraceSeconds: role === "controller" ? 60 : stopping.waitSeconds + stopping.shutdownSeconds,
    ...(args.spread && { spread: args.spread }),
    containers: role === "controller" ? [node(args)] : [node(args), guard(args)],
  };
}

function node({ peer, role, images, cpus, memoryMiB, storageGiB, storageClass }: NodesArgs): ContainerSpec {
  const { client, broker, controller, metrics } = ports;
  const port = role === "controller" ? controller : client;
  const listens = { tcpSocket: { port }, timeoutSeconds: 5 };
  return {
    name: "kafka",
    image: images.kafka,
    command: ["sh", `${paths.configuration}/${files.start}`],
    fields: { NODE: "spec.nodeName", ZONE: "metadata.labels['topology.kubernetes.io/zone']" },
    ports: {
      ...(role !== "controller" && { client, broker }),
      ...(role !== "broker" && { controller }),
      metrics,
    },
    cpus,
    memoryMiB,
    mounts: [
      configMapMount("configuration", paths.configuration, peer.name),
      secretMount("tls", paths.tls, certificateSecret(peer)),
      secretMount("cluster", paths.cluster, objects.clusterId),
      { name: "work", path: paths.work, source: { kind: "scratch", sizeMiB: 64 } },
      {
        name: "data",
        path: paths.data,
        source: {
          kind: "claimPerReplica",
          storageGiB,
          // The stack makes the claims, so that it can make them larger; the StatefulSet takes what it finds.
          retain: true,
          ...(storageClass !== undefined && { storageClass }),
        },
      },
    ],
    // Its port opens when it has read its log and caught up with the quorum: after a crash that takes minutes.
    startupProbe: { ...listens, periodSeconds: 2, failureThreshold: 900 },
    livenessProbe: { ...listens, periodSeconds: 20, failureThreshold: 3 },
    readinessProbe: { ...listens, periodSeconds: 5, failureThreshold: 2 },
    ...(role !== "controller" && { lifecycle: { preStop: { httpGet: ofGuard("/stop") } } }),
  };
}

/**
 * Says when its broker is ready, which is when each of its copies is in sync, and when it may stop. So a rolling update takes the
 * next one only when this one has caught up, and neither it nor a drained node takes a copy that writes wait for.
 */
function guard({ peer, images, replicas, guards }: NodesArgs): ContainerSpec {
  const settings: GuardArguments = {
    namespace: peer.namespace,
    port: ports.guard,
    brokerPort: ports.client,
    minInSync: replication({ brokers: replicas }).inSync,
    waitSeconds: stopping.waitSeconds,
  };
  return {
    name: "guard",
    image: images.node,
    command: ["node"],
    args: ["--max-old-space-size=64", ...runPacked, "/guard/guard.js.gz", JSON.stringify(settings)],
    ports: { guard: ports.guard },
    cpus: guards.cpus,
    memoryMiB: guards.memoryMiB,
    mounts: [
      configMapMount("guard", "/guard", guardConfigMap(peer)),
      secretMount("tls", paths.tls, certificateSecret(peer)),
    ],
    startupProbe: { httpGet: ofGuard("/healthz"), periodSeconds: 1, failureThreshold: 60 },
    livenessProbe: { httpGet: ofGuard("/healthz"), periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 3 },
    readinessProbe: { httpGet: ofGuard("/ready"), periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 2 },
  };
}

/** What `services/kafka-guard` takes as its argument. */
export interface GuardArguments {
  /** Of the broker; the pod's name is its host name. */
  readonly namespace: string;
  readonly port: number;
  /** Port of the broker for clients. */
  readonly brokerPort: number;
  /** Copies that a record needs to be acknowledged. */
  readonly minInSync: number;
  /** Longest that the broker is kept from stopping, in seconds. */
  readonly waitSeconds: number;
}

function ofGuard(path: string) {
  return { path, port: ports.guard, scheme: "HTTPS" };
}

export function certificateSecret(peer: Pick<Peer, "name">): string {
  return `${peer.name}-tls`;
}

export function guardConfigMap(peer: Pick<Peer, "name">): string {
  return `${peer.name}-guard`;
}

/** The Service by which nodes have names of their own, those that are not ready too: they need each other to become so. */
export function nodesService(peer: Peer, listeners: Readonly<Record<string, number>>): types.input.core.v1.Service {
  return {
    metadata: {
      name: peer.name,
      namespace: peer.namespace,
      labels: labelsOf(peer),
      annotations: { "pulumi.com/skipAwait": "true" },
    },
    spec: {
      clusterIP: "None",
      publishNotReadyAddresses: true,
      selector: { ...peer.podLabels },
      ports: Object.entries(listeners).map(([name, port]) => ({ name, port, targetPort: port, protocol: "TCP" })),
    },
  };
}

/** Name of a node's claim, as its StatefulSet looks for it. */
export function claimName(peer: Pick<Peer, "name">, ordinal: number): string {
  return `data-${peer.name}-${ordinal}`;
}

/** A node's volume. Its size may be set higher at any time, where the class can do that; never lower. */
export function claim(
  peer: Peer,
  ordinal: number,
  storageGiB: number,
  storageClass: string | undefined,
): types.input.core.v1.PersistentVolumeClaim {
  return volumeClaim(claimName(peer, ordinal), peer, storageGiB, storageClass);
}

export interface TopicsJobArgs {
  readonly peer: Peer;
  /** Image `node`, by digest. */
  readonly image: string;
}

/** Brings topics, rules and quotas to what is declared. */
export function topicsWorkload({ peer, image }: TopicsJobArgs): JobSpec {
  const mounts: Mount[] = [
    configMapMount("program", paths.configuration, objects.topics),
    secretMount("tls", paths.tls, certificateSecret(peer)),
  ];
  const container: ContainerSpec = {
    name: "topics",
    image,
    command: ["node"],
    args: [...runPacked, `${paths.configuration}/topics.js.gz`, `${paths.configuration}/topics.json`, paths.tls],
    cpus: 0.05,
    memoryMiB: 192,
    mounts,
  };
  return { peer, kind: "Job", backoffLimit: 2, userId: nodeUser, groupId: nodeUser, containers: [container] };
}

/** Where clients begin: each broker by name, so that one that is gone keeps nobody out. */
export function bootstrapServers(namespace: string, brokers: number): readonly string[] {
  return Array.from({ length: brokers }, (_, n) => `${nodeHost(objects.broker, namespace, n)}:${ports.client}`);
}
