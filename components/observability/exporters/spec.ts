/** Pure: how exporters run. */
import { stringify } from "yaml";
import type { ContainerSpec, DaemonSpec, Mount, Peer, ServiceSpec } from "../../network/index.ts";
import { configMapMount, secretMount } from "../../network/index.ts";
import type { Permission } from "../access.ts";
import type { Sizing } from "../settings.ts";
import { authorities, caFile, folders, MONITORING_ID, probes, webFlag } from "../web.ts";

/** What each exporter is called, and where it listens. */
export const exporters = {
  node: { name: "node-exporter", port: 9100 },
  blackbox: { name: "blackbox-exporter", port: 9115 },
  kubeState: { name: "kube-state-metrics", port: 8443 },
  /** In the same pods: what lies in no namespace. */
  kubeStateOfCluster: { name: "kube-state-metrics-cluster", port: 8444 },
} as const;

export const blackboxFile = "blackbox.yml";

export function configurationOf(exporter: string): string {
  return `${exporter}-config`;
}

export function certificateOf(exporter: string): string {
  return `${exporter}-tls`;
}

export interface ExporterArgs {
  readonly peer: Peer;
  /** Image reference by digest. */
  readonly image: string;
  readonly sizing: Sizing;
}

const account = { userId: MONITORING_ID, groupId: MONITORING_ID } as const;

function ownFiles({ peer }: ExporterArgs): Mount[] {
  return [
    configMapMount("configuration", folders.configuration, configurationOf(peer.name)),
    secretMount("certificate", folders.certificate, certificateOf(peer.name)),
  ];
}

/**
 * What a container sees of its node without being given anything of it: processors, memory, load, disks and arrays are
 * the node's in every container's /proc and /sys. File systems and network interfaces are not: the kubelet counts those.
 */
const collectors = [
  ...["cpu", "diskstats", "edac", "filefd", "loadavg", "mdadm", "meminfo"],
  ...["pressure", "stat", "time", "uname", "vmstat"],
];

/** On every node, in a pod as restricted as all others: no folder, no network and no process of the node is given to it. */
export function nodeExporterWorkload(args: ExporterArgs): DaemonSpec {
  const { peer, image, sizing } = args;
  const { port } = exporters.node;
  return {
    peer,
    kind: "DaemonSet",
    ...account,
    containers: [
      {
        name: peer.name,
        image,
        command: ["node_exporter"],
        args: [
          webFlag,
          `--web.listen-address=:${port}`,
          "--collector.disable-defaults",
          ...collectors.map((collector) => `--collector.${collector}`),
        ],
        ports: { metrics: port },
        cpus: sizing.cpus,
        memoryMiB: sizing.memoryMiB,
        mounts: ownFiles(args),
        ...probes({ port, live: "/", ready: "/" }),
      },
    ],
  };
}

/** Asks for each name as a browser does, and does not follow where it is sent: any answer of a homeserver will do. */
export function blackboxConfiguration(caConfigMap: string | undefined): string {
  return stringify({
    modules: {
      https: {
        prober: "http",
        timeout: "8s",
        http: {
          follow_redirects: false,
          fail_if_not_ssl: true,
          valid_status_codes: [200, 301, 302, 303, 307, 308, 401, 403, 404],
          preferred_ip_protocol: "ip4",
          ...(caConfigMap !== undefined && { tls_config: { ca_file: caFile(caConfigMap) } }),
        },
      },
    },
  });
}

export function blackboxWorkload(args: ExporterArgs, caConfigMap: string | undefined): ServiceSpec {
  const { peer, image, sizing } = args;
  const { port } = exporters.blackbox;
  return {
    peer,
    kind: "Deployment",
    replicas: sizing.replicas,
    ...account,
    containers: [
      {
        name: peer.name,
        image,
        command: ["blackbox_exporter"],
        args: [`--config.file=${folders.configuration}/${blackboxFile}`, webFlag, `--web.listen-address=:${port}`],
        ports: { metrics: port },
        cpus: sizing.cpus,
        memoryMiB: sizing.memoryMiB,
        mounts: [...ownFiles(args), ...authorities([caConfigMap])],
        ...probes({ port, live: "/-/healthy", ready: "/-/healthy" }),
      },
    ],
  };
}

/** What is told of, by API group; none of it is a Secret or a ConfigMap. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  "": ["persistentvolumeclaims", "pods"],
  apps: ["daemonsets", "deployments", "replicasets", "statefulsets"],
  batch: ["cronjobs", "jobs"],
  policy: ["poddisruptionbudgets"],
};

/** What of it lies in no namespace. */
const clusterKinds = ["nodes"];

/** Two containers: one that is told of several namespaces tells of each node as often. */
export function kubeStateWorkload(args: ExporterArgs, namespaces: readonly string[]): ServiceSpec {
  const { kubeState, kubeStateOfCluster } = exporters;
  return {
    peer: args.peer,
    kind: "Deployment",
    replicas: args.sizing.replicas,
    ...account,
    apiToken: true,
    containers: [
      kubeStateContainer(args, kubeState.name, { metrics: kubeState.port }, 8081, [
        `--namespaces=${namespaces.join(",")}`,
        `--resources=${Object.values(kinds).flat().sort().join(",")}`,
      ]),
      kubeStateContainer(args, "cluster", { "cluster-metrics": kubeStateOfCluster.port }, 8082, [
        `--resources=${clusterKinds.join(",")}`,
      ]),
    ],
  };
}

function kubeStateContainer(
  args: ExporterArgs,
  name: string,
  ports: Readonly<Record<string, number>>,
  telemetryPort: number,
  told: readonly string[],
): ContainerSpec {
  const [port = 0] = Object.values(ports);
  return {
    name,
    image: args.image,
    command: ["/kube-state-metrics"],
    args: [
      `--port=${port}`,
      `--tls-config=${folders.configuration}/web.yml`,
      // Only how it is itself, which nobody asks for: kept inside the pod.
      "--telemetry-host=127.0.0.1",
      `--telemetry-port=${telemetryPort}`,
      ...told,
    ],
    ports,
    // The plan's are the pod's.
    cpus: args.sizing.cpus / 2,
    memoryMiB: args.sizing.memoryMiB / 2,
    mounts: ownFiles(args),
    // Not `/livez`, which asks the API server: its absence is no reason to start anew.
    ...probes({ port, live: "/healthz", ready: "/healthz" }),
  };
}

const follow = ["list", "watch"];

/** In each namespace of the environment. */
export const kubeStateRules: readonly Permission[] = Object.entries(kinds).map(([group, resources]) => ({
  apiGroups: [group],
  resources,
  verbs: follow,
}));

export const kubeStateClusterRules: readonly Permission[] = [
  { apiGroups: [""], resources: clusterKinds, verbs: follow },
];
