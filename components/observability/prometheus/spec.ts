/** Pure: how Prometheus runs. */
import type { Mount, MountSource, Peer, ServiceSpec } from "../../network/index.ts";
import { configMapMount, secretMount } from "../../network/index.ts";
import type { Permission } from "../access.ts";
import type { PrometheusSizing } from "../settings.ts";
import { authorities, folders, MONITORING_ID, probes, webFlag } from "../web.ts";
import { machinesFolder, rulesFolder } from "./config.ts";

export const prometheusPort = 9090;
export const configurationFile = "prometheus.yml";
/** How `promtool` in the pod asks: `promtool query instant --http.config.file=/etc/roost/client.yml https://localhost:9090 up`. */
export const clientFile = "client.yml";

export const objects = {
  workload: "prometheus",
  configuration: "prometheus-config",
  rules: "prometheus-rules",
  certificate: "prometheus-tls",
  secrets: "prometheus-secrets",
  machines: "prometheus-machines",
} as const;

const dataFolder = "/prometheus";
/** Memory of one sample while a query is computed, in bytes, by Prometheus' own estimate of its limit. */
const BYTES_PER_SAMPLE = 16;

export interface PrometheusWorkloadArgs {
  readonly peer: Peer;
  /** Image reference by digest. */
  readonly image: string;
  readonly sizing: PrometheusSizing;
  readonly spread: "required" | "preferred";
  /** Where each keeps its data. */
  readonly storage: MountSource;
  /** ConfigMaps with the authorities of what it asks. */
  readonly caConfigMaps: readonly (string | undefined)[];
  /** Whether a password is mounted. */
  readonly hasSecrets: boolean;
  /** Whether machines are asked, with a certificate. @default false */
  readonly asksMachines?: boolean;
}

export function prometheusWorkload(args: PrometheusWorkloadArgs): ServiceSpec {
  const { peer, image, sizing, spread, storage, caConfigMaps, hasSecrets, asksMachines = false } = args;
  const { replicas, cpus, memoryMiB, retentionDays, retentionMiB } = sizing;
  // A query may take a quarter of the memory, or one careless question ends it, and with it what watches.
  const maxSamples = Math.floor((memoryMiB * 2 ** 20) / 4 / BYTES_PER_SAMPLE);
  const mounts: Mount[] = [
    configMapMount("configuration", folders.configuration, objects.configuration),
    configMapMount("rules", rulesFolder, objects.rules),
    secretMount("certificate", folders.certificate, objects.certificate),
    ...authorities(caConfigMaps),
    ...(hasSecrets ? [secretMount("secrets", folders.secrets, objects.secrets)] : []),
    ...(asksMachines ? [secretMount("machines", machinesFolder, objects.machines)] : []),
    { name: "data", path: dataFolder, source: storage },
  ];
  return {
    peer,
    kind: "StatefulSet",
    replicas,
    spread,
    userId: MONITORING_ID,
    groupId: MONITORING_ID,
    apiToken: true,
    // What is in memory is written when it ends.
    terminationGraceSeconds: 120,
    containers: [
      {
        name: "prometheus",
        image,
        command: ["prometheus"],
        args: [
          `--config.file=${folders.configuration}/${configurationFile}`,
          // New targets and rules count without a restart.
          "--config.auto-reload",
          webFlag,
          `--web.listen-address=:${prometheusPort}`,
          `--web.external-url=https://${peer.name}.${peer.namespace}.svc:${prometheusPort}`,
          `--storage.tsdb.path=${dataFolder}`,
          `--storage.tsdb.retention.time=${retentionDays}d`,
          `--storage.tsdb.retention.size=${retentionMiB}MB`,
          "--storage.tsdb.wal-compression",
          "--query.timeout=30s",
          `--query.max-samples=${maxSamples}`,
        ],
        ports: { metrics: prometheusPort },
        cpus,
        memoryMiB,
        mounts,
        // A long WAL is read again at the start.
        ...probes({ port: prometheusPort, live: "/-/healthy", ready: "/-/ready", startSeconds: 900 }),
      },
    ],
  };
}

const read = ["get", "list", "watch"];

/** In each namespace of something that is watched: which pods there are. */
export const podRules: readonly Permission[] = [{ apiGroups: [""], resources: ["pods"], verbs: read }];

/** Which nodes there are, and what their kubelets have measured; nothing else of a kubelet. */
export const nodeRules: readonly Permission[] = [
  { apiGroups: [""], resources: ["nodes"], verbs: read },
  { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
];
