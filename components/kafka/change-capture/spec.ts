/** Pure: from arguments to what runs. */
import type { ConnectorsSpecification } from "../../../services/kafka-connectors/specification.ts";
import type { ContainerSpec, Mount, Peer, ServiceSpec } from "../../network/index.ts";
import { configMapMount, runPacked, secretMount } from "../../network/index.ts";
import { kafkaUser } from "../spec.ts";
import type { ConnectorArgs } from "./connector.ts";
import { connectorConfiguration, connectorName } from "./connector.ts";
import { objects, paths, ports } from "./names.ts";
import { files } from "./start-script.ts";

/** File with what connectors there are to be, and the program that looks after them. */
export const connectorsFiles = { program: "connectors.js.gz", specification: "connectors.json" } as const;

/** Secret with the certificate of the workers' REST API and metrics. */
export const certificateSecret = `${objects.worker}-tls`;

export interface WorkersArgs {
  readonly peer: Peer;
  /** Images, by digest. */
  readonly images: { readonly "kafka-connect": string; readonly node: string };
  readonly replicas: number;
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Of what looks after the connectors beside each worker. */
  readonly watchers: { readonly cpus: number; readonly memoryMiB: number };
  /** Secret with the certificate that is the account at Kafka. */
  readonly kafkaSecret: string;
  /** Secret with the password of the database's role. */
  readonly databaseSecret: string;
  /** ConfigMap whose `ca.crt` verifies the database. */
  readonly caConfigMap: string;
  readonly spread?: "required" | "preferred" | undefined;
}

/** The workers: one reads the database, another takes over when it is gone. */
export function workers(args: WorkersArgs): ServiceSpec {
  return {
    peer: args.peer,
    kind: "StatefulSet",
    replicas: args.replicas,
    userId: kafkaUser,
    groupId: kafkaUser,
    ...(args.spread && { spread: args.spread }),
    containers: [worker(args), watcher(args)],
  };
}

const certificate = secretMount("tls", paths.tls, certificateSecret);

function worker({ images, cpus, memoryMiB, kafkaSecret, databaseSecret, caConfigMap }: WorkersArgs): ContainerSpec {
  const listens = { tcpSocket: { port: ports.rest }, timeoutSeconds: 5 };
  const mounts: Mount[] = [
    configMapMount("configuration", paths.configuration, objects.worker),
    certificate,
    secretMount("kafka", paths.kafka, kafkaSecret),
    secretMount("database", paths.database, databaseSecret, ["password"]),
    configMapMount("authority", paths.authority, caConfigMap),
    { name: "work", path: paths.work, source: { kind: "scratch", sizeMiB: 64 } },
  ];
  return {
    name: "connect",
    image: images["kafka-connect"],
    command: ["sh", `${paths.configuration}/${files.start}`],
    ports: { rest: ports.rest, metrics: ports.metrics },
    cpus,
    memoryMiB,
    mounts,
    startupProbe: { ...listens, periodSeconds: 2, failureThreshold: 150 },
    livenessProbe: { ...listens, periodSeconds: 20, failureThreshold: 3 },
    // Whether it takes part in its group is asked by what is beside it, which has a certificate to show.
    readinessProbe: { httpGet: ofWatcher("/ready"), periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
  };
}

function watcher({ images, watchers }: WorkersArgs): ContainerSpec {
  const lives = { httpGet: ofWatcher("/healthz"), timeoutSeconds: 5 };
  return {
    name: "connectors",
    image: images.node,
    command: ["node"],
    args: [
      "--max-old-space-size=64",
      ...runPacked,
      `${paths.connectors}/${connectorsFiles.program}`,
      `${paths.connectors}/${connectorsFiles.specification}`,
    ],
    ports: { connectors: ports.connectors },
    ...watchers,
    mounts: [configMapMount("connectors", paths.connectors, objects.connectors), certificate],
    startupProbe: { ...lives, periodSeconds: 1, failureThreshold: 60 },
    livenessProbe: { ...lives, periodSeconds: 20, failureThreshold: 3 },
    readinessProbe: { ...lives, periodSeconds: 10, failureThreshold: 3 },
  };
}

function ofWatcher(path: string) {
  return { path, port: ports.connectors, scheme: "HTTPS" };
}

/** What `services/kafka-connectors` is told. @param namespace of the workers */
export function connectorsSpecification(namespace: string, connector: ConnectorArgs): ConnectorsSpecification {
  return {
    certificateFolder: paths.tls,
    port: ports.connectors,
    // Within the pod: nobody else may reach it.
    worker: { domain: `${objects.worker}.${namespace}.svc`, port: ports.rest, address: "127.0.0.1" },
    intervalSeconds: 5,
    restart: { firstSeconds: 10, mostSeconds: 300 },
    connectors: { [connectorName(connector)]: connectorConfiguration(connector) },
  };
}
