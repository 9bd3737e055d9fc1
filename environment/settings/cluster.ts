import { z } from "zod";
import { addressRanges, DNS_LABEL } from "./names.ts";
import { decimalNumber, text, wholeNumber } from "./setting.ts";

const capacity = z
  .strictObject({
    cpus: decimalNumber({
      min: 1,
      max: 10_000,
      unit: "cores",
      description: "Processors that pods of this environment may ask for, over all nodes.",
      example: 24,
    }),
    memoryMiB: wholeNumber({
      min: 1024,
      max: 100_000_000,
      unit: "MiB",
      description: "Memory that pods of this environment may ask for, over all nodes.",
      example: 65536,
    }),
  })
  .meta({
    description: "What the cluster has for this environment. When it is set, a plan that asks for more is refused.",
    defaultText: "unknown: the plan is not compared with it",
    example: { cpus: 24, memoryMiB: 65536 },
  });

const clusterDns = z
  .strictObject({
    namespace: text(DNS_LABEL, {
      description: "Namespace of the pods that answer DNS queries.",
      allowed: "the name of a Kubernetes namespace",
      example: "openshift-dns",
      maxLength: 63,
    }).default("kube-system"),
    podLabels: z
      .record(
        z.string().regex(/^[A-Za-z0-9./_-]{1,317}$/),
        z
          .string()
          .max(63)
          .regex(/^[A-Za-z0-9._-]*$/),
      )
      .refine((labels) => Object.keys(labels).length > 0)
      .meta({
        description: "Labels that select these pods.",
        allowed: "an object of at least one Kubernetes label and its value",
        example: { "dns.operator.openshift.io/daemonset-dns": "default" },
      })
      .default({ "k8s-app": "kube-dns" }),
    port: wholeNumber({
      min: 1,
      max: 65535,
      description: "Port that these pods listen on, which differs from 53 on some distributions (5353 on OpenShift).",
      example: 5353,
    }).default(53),
  })
  .meta({ description: "Who resolves names in the cluster: the only thing that every pod may talk to." });

const embedded = z
  .strictObject({
    kind: z.literal("embedded").meta({ description: "A cluster on this machine, which `make up` starts." }),
  })
  .meta({ description: "The cluster that comes with Roost." });

const kubeconfig = z
  .strictObject({
    kind: z.literal("kubeconfig").meta({ description: "A cluster of the operator's own." }),
    path: text(/\S/, {
      description: "The kubeconfig file.",
      allowed: "the path of a file",
      example: "./kubeconfig",
      defaultText: "as kubectl does: `$KUBECONFIG`, else `~/.kube/config`",
      maxLength: 4096,
    }).optional(),
    context: text(/\S/, {
      description: "Context within the kubeconfig.",
      allowed: "the name of a context",
      example: "production",
      defaultText: "the file's current context",
    }).optional(),
    storageClass: text(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, {
      description: "Storage class of every volume. Take one that survives the loss of a node.",
      allowed: "the name of a StorageClass",
      example: "ceph-block",
      defaultText: "the cluster's default class",
    }).optional(),
    apiServerCidrs: addressRanges(1, {
      description:
        "Addresses of the API server, as `kubectl get endpoints kubernetes` shows them: the PostgreSQL operator is let out to these and nothing else.",
      example: ["10.1.0.11/32", "10.1.0.12/32", "10.1.0.13/32"],
    }),
    apiServerPort: wholeNumber({
      min: 1,
      max: 65535,
      description: "Port of the API server, as `kubectl get endpoints kubernetes` shows it.",
      example: 6443,
    }).default(6443),
    nodeCidrs: addressRanges(1, {
      description:
        "Addresses of the nodes: Prometheus is let out to the kubelets there, for how full volumes and how large containers are. The kubelets' certificates must be of the cluster's own authority (`serverTLSBootstrap: true`, and somebody who approves them).",
      example: ["10.1.0.0/24"],
      defaultText: "kubelets are not asked, and nobody is told when a volume fills up",
    }).optional(),
    clusterDns: clusterDns.prefault({}),
    nodePorts: text(/^\d{1,5}-\d{1,5}$/, {
      description: "Ports that the cluster gives to NodePort Services: the API server's `--service-node-port-range`.",
      allowed: "two ports with a hyphen between them",
      example: "30000-32767",
    }).default("30000-32767"),
    capacity: capacity.optional(),
  })
  .meta({ description: "A cluster of the operator's own, with a network plugin that enforces NetworkPolicy." });

export const clusterSettings = z.discriminatedUnion("kind", [embedded, kubeconfig]).meta({
  description: "The Kubernetes cluster that everything runs on.",
  example: { kind: "kubeconfig", context: "production", apiServerCidrs: ["10.1.0.11/32"] },
});

/** What has been set for the cluster, before what belongs to the embedded one is filled in. */
export type ClusterSettings = z.output<typeof clusterSettings>;

/** The cluster as components need to know it, whichever kind it is. */
export interface ClusterTarget {
  readonly kind: "embedded" | "kubeconfig";
  /** Path of the kubeconfig. @default as kubectl finds it */
  readonly kubeconfigPath?: string;
  /** @default the kubeconfig's current context */
  readonly context?: string;
  /** @default the cluster's default class */
  readonly storageClass?: string;
  /** Where the API server is, for the rules of those few pods that talk to it. */
  readonly apiServer: { readonly cidrs: readonly string[]; readonly port: number };
  /** Where the nodes are, whose kubelets are asked for metrics. @default unknown: they are not asked */
  readonly nodeCidrs?: readonly string[];
  /** Who answers DNS queries, by namespace, labels and the pods' own port. */
  readonly dns: {
    readonly namespace: string;
    readonly podLabels: Readonly<Record<string, string>>;
    readonly port: number;
  };
  /** First and last port of NodePort Services. */
  readonly nodePorts: { readonly first: number; readonly last: number };
  /** @default unknown: what the plan asks for is not compared with it */
  readonly capacity?: Capacity;
}

/** Processors and memory, over all nodes. */
export interface Capacity {
  readonly cpus: number;
  readonly memoryMiB: number;
}

/** What the embedded cluster is like; `bootstrap/cluster` starts it so. */
function embeddedCluster(network: string): ClusterTarget {
  return {
    kind: "embedded",
    storageClass: "local-path",
    apiServer: { cidrs: [`${network}.0.11/32`], port: 6443 },
    nodeCidrs: [`${network}.0.11/32`],
    dns: { namespace: "kube-system", podLabels: { "k8s-app": "kube-dns" }, port: 1053 },
    nodePorts: { first: 80, last: 32767 },
  };
}

/**
 * The cluster that the settings mean.
 *
 * @param network the first two numbers of the embedded cluster's addresses. @default "10.213"
 */
export function clusterTarget(settings: ClusterSettings, network = "10.213"): ClusterTarget {
  if (settings.kind === "embedded") return embeddedCluster(network);
  const { path, context, storageClass, apiServerCidrs, apiServerPort, clusterDns, nodePorts, capacity, nodeCidrs } =
    settings;
  const [first = 0, last = 0] = nodePorts.split("-").map(Number);
  return {
    kind: "kubeconfig",
    ...(path !== undefined && { kubeconfigPath: path }),
    ...(context !== undefined && { context }),
    ...(storageClass !== undefined && { storageClass }),
    apiServer: { cidrs: apiServerCidrs, port: apiServerPort },
    ...(nodeCidrs && { nodeCidrs }),
    dns: clusterDns,
    nodePorts: { first, last },
    ...(capacity && { capacity }),
  };
}
