/** Pure: how Loki runs. */
import type { types } from "@pulumi/kubernetes";
import type { MountSource, Peer, ServiceSpec } from "../../../network/index.ts";
import { configMapMount, headlessService, podHosts, secretMount } from "../../../network/index.ts";
import type { LokiSizing } from "../../settings.ts";
import { folders, MONITORING_ID } from "../../web.ts";
import { lokiData, lokiPorts } from "./config.ts";

export const lokiObjects = {
  workload: "loki",
  configuration: "loki-config",
  certificate: "loki-tls",
  /** Certificate of whoever reads logs, for the operator. */
  reader: "logs-reader",
} as const;

export const lokiFile = "loki.yml";

/** Share of a container's memory at which Go collects more eagerly. */
export const GO_MEMORY_SHARE = 0.85;

/** Names of the pods: each is sent everything. */
export function lokiHosts(namespace: string, replicas: number): string[] {
  return podHosts(lokiObjects.workload, namespace, replicas);
}

/** The Service by which the pods have names of their own. Whoever asks it asks any of them. */
export function lokiService(peer: Peer): types.input.core.v1.Service {
  return headlessService(peer, { ports: { https: lokiPorts.http } });
}

export interface LokiWorkloadArgs {
  readonly peer: Peer;
  /** Image reference by digest. */
  readonly image: string;
  readonly sizing: LokiSizing;
  readonly spread: "required" | "preferred";
  /** Where each keeps its data. */
  readonly storage: MountSource;
}

export function lokiWorkload({ peer, image, sizing, spread, storage }: LokiWorkloadArgs): ServiceSpec {
  const { replicas, cpus, memoryMiB } = sizing;
  const port = lokiPorts.http;
  return {
    peer,
    kind: "StatefulSet",
    replicas,
    spread,
    userId: MONITORING_ID,
    groupId: MONITORING_ID,
    // What is in memory is in its WAL too, and is read again at the start.
    terminationGraceSeconds: 60,
    containers: [
      {
        name: lokiObjects.workload,
        image,
        command: ["loki"],
        args: [`-config.file=${folders.configuration}/${lokiFile}`],
        env: { GOMEMLIMIT: `${Math.floor(memoryMiB * GO_MEMORY_SHARE)}MiB` },
        ports: { metrics: port },
        cpus,
        memoryMiB,
        mounts: [
          configMapMount("configuration", folders.configuration, lokiObjects.configuration),
          secretMount("certificate", folders.certificate, lokiObjects.certificate),
          { name: "data", path: lokiData, source: storage },
        ],
        // The kubelet has no certificate to show: it sees that Loki listens. Until it is ready, collectors are told to try again.
        startupProbe: { tcpSocket: { port }, periodSeconds: 1, failureThreshold: 120 },
        readinessProbe: { tcpSocket: { port }, timeoutSeconds: 5, periodSeconds: 5, failureThreshold: 3 },
        livenessProbe: { tcpSocket: { port }, timeoutSeconds: 5, periodSeconds: 10, failureThreshold: 6 },
      },
    ],
  };
}
