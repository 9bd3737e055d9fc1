/** Pure: how the collector runs. */
import type { DaemonSpec, Peer } from "../../../network/index.ts";
import { configMapMount, NODE_LOGS, secretMount } from "../../../network/index.ts";
import type { LogCollectorSizing } from "../../settings.ts";
import { authorities, folders, MONITORING_ID, probes } from "../../web.ts";
import { GO_MEMORY_SHARE } from "../loki/spec.ts";
import { collectorData, collectorPorts } from "./config.ts";

export const collectorObjects = {
  workload: "log-collector",
  configuration: "log-collector-config",
  certificate: "log-collector-tls",
} as const;

export const collectorFile = "collector.yml";

/** Group of the files with the logs: containerd lets nobody else read them. */
const ROOT_GROUP = 0;

/** Places in the queue's file that are free, and the copy while it is made smaller. */
const QUEUE_OVERHEAD = 2;
/** How far each file was read, in MiB. */
const CHECKPOINTS_MIB = 64;

export interface CollectorWorkloadArgs {
  readonly peer: Peer;
  /** Image reference by digest. */
  readonly image: string;
  readonly sizing: LogCollectorSizing;
  /** How many Lokis it sends to. */
  readonly lokis: number;
  /** ConfigMap with the authority of Loki's certificate. */
  readonly caConfigMap: string;
}

/**
 * On every node. Of the node it is given one folder, read-only: what containers wrote to their standard output. What it keeps
 * lies on the node's disk as long as its pod is there, over restarts of its container and of the node.
 */
export function collectorWorkload({ peer, image, sizing, lokis, caConfigMap }: CollectorWorkloadArgs): DaemonSpec {
  const { cpus, memoryMiB, bufferMiB } = sizing;
  const { metrics, health } = collectorPorts;
  return {
    peer,
    kind: "DaemonSet",
    userId: MONITORING_ID,
    groupId: MONITORING_ID,
    supplementalGroups: [ROOT_GROUP],
    // What it has read is sent, or written to its disk.
    terminationGraceSeconds: 60,
    containers: [
      {
        name: peer.name,
        image,
        command: ["/otelcol-contrib"],
        args: [
          `--config=file:${folders.configuration}/${collectorFile}`,
          // A line counts as read when it is in the queue on disk, and not before.
          "--feature-gates=stanza.synchronousLogEmitter",
        ],
        env: { GOMEMLIMIT: `${Math.floor(memoryMiB * GO_MEMORY_SHARE)}MiB` },
        ports: { metrics, health },
        cpus,
        memoryMiB,
        mounts: [
          configMapMount("configuration", folders.configuration, collectorObjects.configuration),
          secretMount("certificate", folders.certificate, collectorObjects.certificate),
          ...authorities([caConfigMap]),
          { name: "node-logs", path: NODE_LOGS, source: { kind: "nodeLogs" } },
          {
            name: "data",
            path: collectorData,
            source: { kind: "scratch", sizeMiB: lokis * bufferMiB * QUEUE_OVERHEAD + CHECKPOINTS_MIB },
          },
        ],
        ...probes({ port: health, live: "/", ready: "/" }),
      },
    ],
  };
}
