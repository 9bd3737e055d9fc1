/** Pure: what Prometheus looks at, and whom it tells. */
import type { Peer, WatchedMachine } from "../../network/index.ts";
import { caFile, folders } from "../web.ts";

/** Pods that have metrics. */
export interface WatchedPods {
  readonly job: string;
  readonly peer: Peer;
  readonly port: number;
  readonly path: string;
  /** Whether each is asked, or any of them for all. */
  readonly answers: "pod" | "service";
  /** Their Service, whose name is in their certificate. */
  readonly host: string;
  /** ConfigMap with the authority of their certificate. */
  readonly caConfigMap: string;
  /** Whether Prometheus shows its own certificate. @default false */
  readonly mutual?: boolean | undefined;
  /** Names of metrics that are not kept. @default none */
  readonly dropped?: readonly string[];
}

/** Public names, and who asks for them. */
export interface WatchedNames {
  /** Host names that the edge serves. */
  readonly hosts: readonly string[];
  /** Where the edge is, from inside. */
  readonly edge: { readonly host: string; readonly port: number };
  readonly exporter: { readonly host: string; readonly port: number; readonly caConfigMap: string };
}

export interface RemoteWriteTarget {
  readonly url: string;
  readonly caConfigMap?: string;
  readonly username?: string | undefined;
}

export interface PrometheusConfigArgs {
  /** Name of the environment, by which alerts and what is written elsewhere are told apart. */
  readonly environment: string;
  /** Seconds between two looks. */
  readonly scrapeSeconds: number;
  readonly pods: readonly WatchedPods[];
  readonly names: WatchedNames;
  /** Machines whose nodes tell of themselves. @default none: pods tell of them */
  readonly machines?: readonly WatchedMachine[] | undefined;
  /** Whether the kubelets are asked. */
  readonly kubelets: boolean;
  readonly alertmanager: Pick<WatchedPods, "peer" | "port" | "host" | "caConfigMap">;
  readonly remoteWrite?: RemoteWriteTarget | undefined;
}

export const rulesFolder = "/etc/roost-rules";
/** Where the certificate is that machines ask for. */
export const machinesFolder = "/machines";
export const remoteWritePasswordFile = "remote-write-password";

/** Of nodes, whoever tells of them. */
export const NODE_JOB = "node";

/** The account's own folder, in which Kubernetes puts token and authority. */
const account = "/var/run/secrets/kubernetes.io/serviceaccount";

/** @source https://prometheus.io/docs/prometheus/latest/configuration/configuration/ */
export function prometheusConfig(args: PrometheusConfigArgs): object {
  return {
    global: {
      scrape_interval: `${args.scrapeSeconds}s`,
      scrape_timeout: `${Math.min(args.scrapeSeconds, 10)}s`,
      evaluation_interval: `${args.scrapeSeconds}s`,
      // Each of two has series of its own; what they tell Alertmanager is the same.
      external_labels: { environment: args.environment, replica: "$HOSTNAME" },
    },
    rule_files: [`${rulesFolder}/*.yml`],
    alerting: {
      alert_relabel_configs: [{ regex: "replica", action: "labeldrop" }],
      alertmanagers: [{ ...podsOf(args.alertmanager), relabel_configs: addressRelabelling(args.alertmanager.port) }],
    },
    scrape_configs: [
      ...args.pods.map(jobOf),
      ...(args.machines ? [machinesJob(args.machines)] : []),
      namesJob(args.names),
      ...(args.kubelets ? kubeletJobs : []),
    ],
    ...(args.remoteWrite && { remote_write: [remoteWrite(args.remoteWrite)] }),
  };
}

/** What is shown to those who ask for it. */
const ownCertificate = { cert_file: `${folders.certificate}/tls.crt`, key_file: `${folders.certificate}/tls.key` };

function podsOf({ peer, host, caConfigMap, mutual }: Pick<WatchedPods, "peer" | "host" | "caConfigMap" | "mutual">) {
  const label = Object.entries(peer.podLabels)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
  return {
    scheme: "https",
    tls_config: { ca_file: caFile(caConfigMap), server_name: host, ...(mutual && ownCertificate) },
    kubernetes_sd_configs: [
      { role: "pod", namespaces: { names: [peer.namespace] }, selectors: [{ role: "pod", label }] },
    ],
  };
}

/** One target a pod, whatever ports its containers name: those that are the same are one. */
function addressRelabelling(port: number) {
  return [
    { source_labels: ["__meta_kubernetes_pod_phase"], regex: "Succeeded|Failed", action: "drop" },
    { source_labels: ["__meta_kubernetes_pod_ip"], target_label: "__address__", replacement: `$1:${port}` },
  ];
}

function jobOf(watched: WatchedPods) {
  const { dropped = [] } = watched;
  return {
    ...(watched.answers === "pod" ? podJob(watched) : serviceJob(watched)),
    ...(dropped.length > 0 && {
      metric_relabel_configs: [{ source_labels: ["__name__"], regex: dropped.join("|"), action: "drop" }],
    }),
  };
}

/** Any pod of the Service is asked. It speaks of others, whose namespace and pod are meant. */
function serviceJob({ job, path, host, port, caConfigMap }: WatchedPods) {
  const [service = host] = host.split(".");
  return {
    // Several Services may belong to one job.
    job_name: service,
    scheme: "https",
    metrics_path: path,
    honor_labels: true,
    tls_config: { ca_file: caFile(caConfigMap), server_name: host },
    static_configs: [{ targets: [`${host}:${port}`], labels: { job, instance: service } }],
  };
}

function podJob(watched: WatchedPods) {
  const { job, path, port } = watched;
  return {
    job_name: job,
    metrics_path: path,
    ...podsOf(watched),
    relabel_configs: [
      ...addressRelabelling(port),
      { source_labels: ["__meta_kubernetes_namespace"], target_label: "namespace" },
      { source_labels: ["__meta_kubernetes_pod_name"], target_label: "pod" },
      // A name that stays, where the address is another with each start.
      {
        source_labels: [job === NODE_JOB ? "__meta_kubernetes_pod_node_name" : "__meta_kubernetes_pod_name"],
        target_label: "instance",
      },
    ],
  };
}

/** Each machine has a certificate for its own address, and answers those alone who show one of the same authority. */
function machinesJob(machines: readonly WatchedMachine[]) {
  return {
    job_name: NODE_JOB,
    scheme: "https",
    metrics_path: "/metrics",
    tls_config: {
      ca_file: `${machinesFolder}/ca.crt`,
      cert_file: `${machinesFolder}/tls.crt`,
      key_file: `${machinesFolder}/tls.key`,
    },
    static_configs: machines.map(({ name, target, labels }) => ({
      targets: [target],
      labels: { ...labels, instance: name },
    })),
  };
}

/** Each public name is asked for at the edge, as people's clients do. */
function namesJob({ hosts, edge, exporter }: WatchedNames) {
  return {
    job_name: "blackbox",
    scheme: "https",
    metrics_path: "/probe",
    params: { module: ["https"] },
    tls_config: { ca_file: caFile(exporter.caConfigMap), server_name: exporter.host },
    static_configs: [{ targets: hosts }],
    relabel_configs: [
      { source_labels: ["__address__"], target_label: "__param_hostname" },
      { source_labels: ["__address__"], target_label: "instance" },
      { target_label: "__param_target", replacement: `https://${edge.host}:${edge.port}/` },
      { target_label: "__address__", replacement: `${exporter.host}:${exporter.port}` },
    ],
  };
}

/** Of the thousands of series of a kubelet, those that somebody asks for. */
const kubeletJobs = [
  kubeletJob("kubelet", "/metrics", [
    "kubelet_(volume_stats_.+|running_.+|evictions|runtime_operations_errors_total|node_name|certificate_.+)",
    "(process|go)_.+_(bytes|total|seconds)",
  ]),
  kubeletJob("kubelet-containers", "/metrics/cadvisor", [
    "container_cpu_(usage_seconds|cfs_throttled_periods|cfs_periods)_total",
    "container_memory_(working_set_bytes|rss|cache|failcnt)",
    "container_(fs_(usage|limit)_bytes|fs_(reads|writes)_bytes_total|oom_events_total)",
    "container_network_(receive|transmit)_(bytes|errors|packets_dropped)_total",
    "machine_(cpu_cores|memory_bytes)",
  ]),
];

function kubeletJob(name: string, path: string, kept: readonly string[]) {
  return {
    job_name: name,
    scheme: "https",
    metrics_path: path,
    authorization: { credentials_file: `${account}/token` },
    tls_config: { ca_file: `${account}/ca.crt` },
    kubernetes_sd_configs: [{ role: "node" }],
    relabel_configs: [
      { target_label: "job", replacement: "kubelet" },
      { source_labels: ["__meta_kubernetes_node_name"], target_label: "instance" },
    ],
    metric_relabel_configs: [
      { source_labels: ["__name__"], regex: kept.join("|"), action: "keep" },
      // Long, and said by other labels already.
      { regex: "name|image", action: "labeldrop" },
    ],
  };
}

function remoteWrite({ url, caConfigMap, username }: RemoteWriteTarget) {
  return {
    url,
    ...(caConfigMap !== undefined && { tls_config: { ca_file: caFile(caConfigMap) } }),
    ...(username !== undefined && {
      basic_auth: { username, password_file: `${folders.secrets}/${remoteWritePasswordFile}` },
    }),
  };
}
