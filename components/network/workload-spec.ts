import type { types } from "@pulumi/kubernetes";
import type { Peer } from "./peer.ts";
import { labelsOf } from "./peer.ts";
import { binaryQuantity, cpuQuantity } from "./quantities.ts";

type PodSpec = types.input.core.v1.PodSpec;
type Container = types.input.core.v1.Container;
type Probe = types.input.core.v1.Probe;
type Volume = types.input.core.v1.Volume;
type VolumeMount = types.input.core.v1.VolumeMount;

/** Where a mounted folder or file comes from. */
export type MountSource =
  /** Files of a Secret; `items` maps keys to file names, all keys when left out. */
  | { readonly kind: "secret"; readonly secretName: string; readonly items?: Readonly<Record<string, string>> }
  | { readonly kind: "configMap"; readonly configMapName: string; readonly items?: Readonly<Record<string, string>> }
  /** Empty at each start, writable. */
  | { readonly kind: "scratch"; readonly sizeMiB: number; readonly inMemory?: boolean }
  /** What the containers of the node have written to their standard output. Never writable: for DaemonSets in a zone of their own. */
  | { readonly kind: "nodeLogs" }
  /** A PersistentVolumeClaim, writable. */
  | { readonly kind: "claim"; readonly claimName: string }
  /** A claim of each replica's own, `<name of the mount>-<workload>-<ordinal>`: of StatefulSets only. Writable. */
  | {
      readonly kind: "claimPerReplica";
      readonly storageGiB: number;
      /** @default the cluster's default class */
      readonly storageClass?: string;
      /** Whether the volumes outlive the workload. */
      readonly retain: boolean;
    };

/**
 * Where kubelets put what containers write to their standard output.
 * @source https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ (`podLogsDir`)
 */
export const NODE_LOGS = "/var/log/pods";

export interface Mount {
  /** Name of the volume; mounts of the same name share it. */
  readonly name: string;
  /** Absolute path in the container. */
  readonly path: string;
  /** One file or folder of the volume. A file mounted so does not change while the pod runs. @default the whole volume */
  readonly subPath?: string;
  readonly source: MountSource;
}

export interface ContainerSpec {
  readonly name: string;
  /** Image reference by digest. */
  readonly image: string;
  readonly command: readonly string[];
  readonly args?: readonly string[];
  /** Environment variables. Never secrets: these are mounted as files. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Environment variables with what the cluster knows of the pod, by the path of the field: `spec.nodeName`. @default none
   * @source https://kubernetes.io/docs/concepts/workloads/pods/downward-api/
   */
  readonly fields?: Readonly<Record<string, string>>;
  /** Ports that it listens on, by name. */
  readonly ports?: Readonly<Record<string, number>>;
  /**
   * Ports of the node that lead to ports of the container, by the ports' names. Pod Security allows them in
   * `privileged` zones only. @default none
   */
  readonly hostPorts?: Readonly<Record<string, number>>;
  /** Processors that it is guaranteed, in cores. It may use more while others do not. */
  readonly cpus: number;
  /** Memory that it is guaranteed, and at which it is stopped, in MiB. */
  readonly memoryMiB: number;
  readonly mounts?: readonly Mount[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly lifecycle?: types.input.core.v1.Lifecycle;
}

interface PodsSpec {
  readonly peer: Peer;
  /** User and group that the containers run as; also the group of their volumes. Never 0. */
  readonly userId: number;
  readonly groupId: number;
  readonly containers: readonly ContainerSpec[];
  readonly initContainers?: readonly ContainerSpec[];
  /** Annotations of the pods. @default none */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Seconds that a pod has to end by itself. @default 30 */
  readonly terminationGraceSeconds?: number;
  /** Whether replicas must, or only should, run on different nodes. @default "preferred" */
  readonly spread?: "required" | "preferred";
  /** Whether the pods get a token of the Kubernetes API: only those whose work is with that API. @default false */
  readonly apiToken?: boolean;
  /** Further groups, for files of others that it may read. Group 0 reads what the node's root lets its group read. @default none */
  readonly supplementalGroups?: readonly number[];
  /** Sysctls of the pod's network namespace; only those that Kubernetes calls safe. @default none */
  readonly sysctls?: Readonly<Record<string, string>>;
}

/** Pods that keep running. */
export interface ServiceSpec extends PodsSpec {
  /** A StatefulSet never runs two pods of one identity at a time; a Deployment overlaps them while it rolls. */
  readonly kind: "Deployment" | "StatefulSet";
  readonly replicas: number;
}

/** A pod on every node on which pods of ours may run: not on those of the control plane. */
export interface DaemonSpec extends PodsSpec {
  readonly kind: "DaemonSet";
}

/** A pod that runs to its end, and again whenever its spec or its configuration hash changes. It must be idempotent. */
export interface JobSpec extends PodsSpec {
  readonly kind: "Job";
  /** Times that a failed pod is tried again before the Job counts as failed. */
  readonly backoffLimit: number;
}

/** A pod that runs to its end again and again, one at a time. It must be idempotent. */
export interface CronJobSpec extends PodsSpec {
  readonly kind: "CronJob";
  /** When, in the five fields of cron: minute, hour, day of the month, month, day of the week. */
  readonly schedule: string;
  /** Seconds after which a run that has not ended is stopped and counts as failed. */
  readonly deadlineSeconds: number;
}

export type WorkloadSpec = ServiceSpec | DaemonSpec | JobSpec | CronJobSpec;

/** The pod that a workload runs: restricted, with its resources, mounts, probes and spread. */
export function podSpec(spec: WorkloadSpec): PodSpec {
  if (spec.userId === 0 || spec.groupId === 0)
    throw new Error(`${spec.peer.name}: must not run as root (user or group 0)`);
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  return {
    serviceAccountName: spec.peer.name,
    automountServiceAccountToken: spec.apiToken ?? false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: spec.terminationGraceSeconds ?? 30,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: spec.userId,
      runAsGroup: spec.groupId,
      fsGroup: spec.groupId,
      ...(spec.supplementalGroups && { supplementalGroups: [...spec.supplementalGroups] }),
      // Without it, every start walks the whole media store to set its group.
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
      ...(spec.sysctls && { sysctls: Object.entries(spec.sysctls).map(([name, value]) => ({ name, value })) }),
    },
    ...((spec.kind === "Job" || spec.kind === "CronJob") && { restartPolicy: "Never" }),
    ...("replicas" in spec && spec.replicas > 1 && { topologySpreadConstraints: [spreadOverNodes(spec)] }),
    ...(spec.initContainers && { initContainers: spec.initContainers.map(container) }),
    containers: spec.containers.map(container),
    volumes: volumes(containers.flatMap((each) => each.mounts ?? [])),
  };
}

function spreadOverNodes(spec: ServiceSpec): types.input.core.v1.TopologySpreadConstraint {
  return {
    maxSkew: 1,
    topologyKey: "kubernetes.io/hostname",
    whenUnsatisfiable: spec.spread === "required" ? "DoNotSchedule" : "ScheduleAnyway",
    labelSelector: { matchLabels: { ...spec.peer.podLabels } },
    // Counts only pods of the same revision, or a rolling update would find no place on full nodes.
    ...(spec.kind === "Deployment" && { matchLabelKeys: ["pod-template-hash"] }),
  };
}

function container(spec: ContainerSpec): Container {
  const memory = binaryQuantity(spec.memoryMiB);
  return {
    name: spec.name,
    image: spec.image,
    command: [...spec.command],
    ...(spec.args && { args: [...spec.args] }),
    ...((spec.env ?? spec.fields) && { env: environment(spec) }),
    ...(spec.ports && {
      ports: Object.entries(spec.ports).map(([name, containerPort]) => {
        const hostPort = spec.hostPorts?.[name];
        return { name, containerPort, protocol: "TCP", ...(hostPort !== undefined && { hostPort }) };
      }),
    }),
    // No processor limit: throttling delays messages, and the requests already share the processors fairly.
    resources: { requests: { cpu: cpuQuantity(spec.cpus), memory }, limits: { memory } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
    },
    ...(spec.mounts && { volumeMounts: spec.mounts.map(volumeMount) }),
    ...(spec.startupProbe && { startupProbe: spec.startupProbe }),
    ...(spec.livenessProbe && { livenessProbe: spec.livenessProbe }),
    ...(spec.readinessProbe && { readinessProbe: spec.readinessProbe }),
    ...(spec.lifecycle && { lifecycle: spec.lifecycle }),
  };
}

function environment({ env = {}, fields = {} }: ContainerSpec): types.input.core.v1.EnvVar[] {
  return [
    ...Object.entries(env).map(([name, value]) => ({ name, value })),
    // With the version that the API server would fill in.
    ...Object.entries(fields).map(([name, fieldPath]) => ({
      name,
      valueFrom: { fieldRef: { apiVersion: "v1", fieldPath } },
    })),
  ];
}

const readOnlyKinds: readonly MountSource["kind"][] = ["secret", "configMap", "nodeLogs"];

function volumeMount(mount: Mount): VolumeMount {
  const writable = !readOnlyKinds.includes(mount.source.kind);
  return {
    name: mount.name,
    mountPath: mount.path,
    ...(mount.subPath !== undefined && { subPath: mount.subPath }),
    ...(!writable && { readOnly: true }),
  };
}

function volumes(mounts: readonly Mount[]): Volume[] {
  const byName = new Map(mounts.map((mount) => [mount.name, mount.source]));
  return [...byName].flatMap(([name, source]) =>
    source.kind === "claimPerReplica" ? [] : [{ name, ...volumeSource(source) }],
  );
}

/** What of a StatefulSet makes a volume for each replica. Empty when no container mounts one. */
export function claimsPerReplica(spec: ServiceSpec): ReplicaClaims {
  const mounts = [...(spec.initContainers ?? []), ...spec.containers].flatMap(({ mounts = [] }) => mounts);
  const sources = new Map(mounts.map(({ name, source }) => [name, source]));
  const claims = [...sources].flatMap(([name, source]) =>
    source.kind === "claimPerReplica" ? [{ name, ...source }] : [],
  );
  const [first] = claims;
  if (first === undefined) return {};
  if (spec.kind !== "StatefulSet")
    throw new Error(`${spec.peer.name}: only a StatefulSet has a volume for each replica, and this is a ${spec.kind}`);
  return {
    volumeClaimTemplates: claims.map(({ name, storageGiB, storageClass }) => ({
      metadata: { name, labels: labelsOf(spec.peer) },
      spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: binaryQuantity(storageGiB * 1024) } },
        ...(storageClass !== undefined && { storageClassName: storageClass }),
      },
    })),
    persistentVolumeClaimRetentionPolicy: {
      whenDeleted: claims.some(({ retain }) => retain) ? "Retain" : "Delete",
      whenScaled: "Retain",
    },
  };
}

type ReplicaClaims = Pick<
  types.input.apps.v1.StatefulSetSpec,
  "volumeClaimTemplates" | "persistentVolumeClaimRetentionPolicy"
>;

function volumeSource(source: Exclude<MountSource, { kind: "claimPerReplica" }>): Omit<Volume, "name"> {
  switch (source.kind) {
    case "secret":
      return { secret: { secretName: source.secretName, defaultMode: 0o440, ...items(source.items) } };
    case "configMap":
      return { configMap: { name: source.configMapName, defaultMode: 0o444, ...items(source.items) } };
    case "scratch":
      return { emptyDir: { sizeLimit: binaryQuantity(source.sizeMiB), ...(source.inMemory && { medium: "Memory" }) } };
    case "nodeLogs":
      return { hostPath: { path: NODE_LOGS, type: "Directory" } };
    case "claim":
      return { persistentVolumeClaim: { claimName: source.claimName } };
  }
}

function items(names: Readonly<Record<string, string>> | undefined) {
  return names && { items: Object.entries(names).map(([key, path]) => ({ key, path })) };
}

/** How a Deployment replaces its pods: the new one first, except where both would want the same port of a node. */
export function deploymentStrategy(spec: ServiceSpec): types.input.apps.v1.DeploymentStrategy {
  const takesHostPort = spec.containers.some(({ hostPorts }) => hostPorts !== undefined);
  const rollingUpdate = takesHostPort ? { maxSurge: 0, maxUnavailable: 1 } : { maxSurge: 1, maxUnavailable: 0 };
  return { type: "RollingUpdate", rollingUpdate };
}

/** Labels and annotations of a workload's pods. */
export function podMetadata(spec: WorkloadSpec): types.input.meta.v1.ObjectMeta {
  return { labels: labelsOf(spec.peer), ...(spec.annotations && { annotations: { ...spec.annotations } }) };
}
