/** The parts of Kubernetes objects that rules read. Everything is optional: a rule judges what it is given. */

export type Labels = Readonly<Record<string, string>>;

interface ObjectOf<Spec> {
  readonly metadata?: Metadata;
  readonly spec?: Spec;
}

export interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
}

export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

export interface Capabilities {
  readonly add?: readonly string[];
  readonly drop?: readonly string[];
}

/** Of a container. */
export interface SecurityContext {
  readonly allowPrivilegeEscalation?: boolean;
  readonly appArmorProfile?: { readonly type?: string };
  readonly capabilities?: Capabilities;
  readonly privileged?: boolean;
  readonly procMount?: string;
  readonly readOnlyRootFilesystem?: boolean;
  readonly runAsGroup?: number;
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly seLinuxOptions?: { readonly type?: string; readonly user?: string; readonly role?: string };
  readonly seccompProfile?: { readonly type?: string };
  readonly windowsOptions?: WindowsOptions;
}

interface WindowsOptions {
  readonly hostProcess?: boolean;
}

export interface PodSecurityContext {
  readonly appArmorProfile?: { readonly type?: string };
  readonly fsGroup?: number;
  readonly runAsGroup?: number;
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly seLinuxOptions?: { readonly type?: string; readonly user?: string; readonly role?: string };
  readonly seccompProfile?: { readonly type?: string };
  readonly supplementalGroups?: readonly number[];
  readonly sysctls?: readonly { readonly name: string; readonly value: string }[];
  readonly windowsOptions?: WindowsOptions;
}

/** What the kubelet does in a container, or asks it. */
export interface Handler {
  readonly exec?: { readonly command?: readonly string[] };
  readonly httpGet?: {
    readonly host?: string;
    readonly httpHeaders?: readonly { readonly name: string; readonly value?: string }[];
    readonly path?: string;
    readonly port?: number | string;
    readonly scheme?: string;
  };
  readonly tcpSocket?: { readonly host?: string; readonly port?: number | string };
}

export interface Probe extends Handler {
  readonly grpc?: object;
}

export interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly hostPort?: number;
  readonly hostIP?: string;
  readonly protocol?: string;
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name?: string; readonly key?: string } };
}

/** Quantities by the name of what is measured, for example `memory`. */
export interface Resources {
  readonly requests?: Labels;
  readonly limits?: Labels;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly imagePullPolicy?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly { readonly secretRef?: { readonly name?: string } }[];
  readonly ports?: readonly ContainerPort[];
  readonly resources?: Resources;
  readonly restartPolicy?: string;
  readonly securityContext?: SecurityContext;
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly lifecycle?: { readonly postStart?: Handler; readonly preStop?: Handler };
  readonly volumeMounts?: readonly {
    readonly name: string;
    readonly mountPath?: string;
    readonly readOnly?: boolean;
    readonly subPath?: string;
  }[];
}

/** Which keys of a ConfigMap or Secret become which files; all of them under their own names where none is named. */
type Items = readonly { readonly key: string; readonly path: string; readonly mode?: number }[];

interface ProjectedSource {
  readonly configMap?: object;
  readonly downwardAPI?: object;
  readonly secret?: { readonly name?: string; readonly items?: Items };
  readonly serviceAccountToken?: object;
}

export interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name?: string; readonly items?: Items };
  readonly csi?: object;
  readonly emptyDir?: { readonly medium?: string; readonly sizeLimit?: string };
  readonly ephemeral?: object;
  readonly hostPath?: { readonly path?: string };
  readonly image?: { readonly reference?: string };
  readonly persistentVolumeClaim?: { readonly claimName?: string };
  readonly projected?: { readonly sources?: readonly ProjectedSource[]; readonly defaultMode?: number };
  readonly secret?: { readonly secretName?: string; readonly items?: Items; readonly defaultMode?: number };
}

export interface PodSpec {
  readonly affinity?: { readonly podAntiAffinity?: object };
  readonly automountServiceAccountToken?: boolean;
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly ephemeralContainers?: readonly Container[];
  readonly enableServiceLinks?: boolean;
  readonly hostIPC?: boolean;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly nodeName?: string;
  /** What all containers of the pod have together. */
  readonly resources?: Resources;
  readonly restartPolicy?: string;
  readonly securityContext?: PodSecurityContext;
  readonly serviceAccountName?: string;
  readonly shareProcessNamespace?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly tolerations?: readonly { readonly key?: string; readonly operator?: string; readonly effect?: string }[];
  readonly topologySpreadConstraints?: readonly {
    readonly labelSelector?: LabelSelector;
    readonly topologyKey?: string;
    readonly whenUnsatisfiable?: string;
  }[];
  readonly volumes?: readonly Volume[];
}

export interface PodTemplate {
  readonly metadata?: Metadata;
  readonly spec?: PodSpec;
}

interface RollingUpdate {
  readonly maxUnavailable?: number | string;
}

interface WorkloadSpec {
  readonly replicas?: number;
  readonly selector?: LabelSelector;
  readonly strategy?: { readonly type?: string; readonly rollingUpdate?: RollingUpdate };
  readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: RollingUpdate };
  readonly template?: PodTemplate;
  readonly volumeClaimTemplates?: readonly { readonly metadata?: Metadata }[];
  readonly persistentVolumeClaimRetentionPolicy?: { readonly whenDeleted?: string; readonly whenScaled?: string };
}

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly nodePort?: number;
  readonly protocol?: string;
}

export interface ServiceSpec {
  readonly type?: string;
  readonly selector?: Labels;
  readonly ports?: readonly ServicePort[];
  readonly externalIPs?: readonly string[];
  readonly externalName?: string;
  readonly loadBalancerSourceRanges?: readonly string[];
}

export interface NetworkPolicyPeer {
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
  readonly namespaceSelector?: LabelSelector;
  readonly podSelector?: LabelSelector;
}

export interface NetworkPolicyPort {
  readonly port?: number | string;
  readonly endPort?: number;
  readonly protocol?: string;
}

export interface NetworkPolicySpec {
  readonly podSelector?: LabelSelector;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly {
    readonly from?: readonly NetworkPolicyPeer[];
    readonly ports?: readonly NetworkPolicyPort[];
  }[];
  readonly egress?: readonly {
    readonly to?: readonly NetworkPolicyPeer[];
    readonly ports?: readonly NetworkPolicyPort[];
  }[];
}

export interface PolicyRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs?: readonly string[];
}

interface RoleObject {
  readonly metadata?: Metadata;
  readonly rules?: readonly PolicyRule[];
}

interface BindingObject {
  readonly metadata?: Metadata;
  readonly roleRef?: { readonly kind?: string; readonly name?: string };
  readonly subjects?: readonly { readonly kind?: string; readonly name?: string; readonly namespace?: string }[];
}

interface SecretReference {
  readonly name?: string;
}

export interface PostgresRole {
  readonly name: string;
  readonly ensure?: string;
  readonly superuser?: boolean;
  readonly createrole?: boolean;
  readonly createdb?: boolean;
  readonly replication?: boolean;
  readonly bypassrls?: boolean;
  /** Roles whose rights it has too. */
  readonly inRoles?: readonly string[];
  readonly passwordSecret?: SecretReference;
}

/** How a database sorts and compares texts. */
export interface Collation {
  /** For both of the others. */
  readonly locale?: string;
  readonly localeProvider?: string;
  readonly localeCollate?: string;
  readonly localeCType?: string;
}

/** CloudNativePG's `Cluster`. */
export interface PostgresClusterSpec {
  readonly affinity?: { readonly enablePodAntiAffinity?: boolean; readonly podAntiAffinityType?: string };
  readonly bootstrap?: {
    readonly initdb?: Collation & {
      readonly database?: string;
      readonly owner?: string;
      readonly dataChecksums?: boolean;
      readonly secret?: SecretReference;
    };
    readonly pg_basebackup?: object;
    readonly recovery?: object;
  };
  readonly certificates?: {
    readonly serverTLSSecret?: string;
    readonly serverCASecret?: string;
    readonly replicationTLSSecret?: string;
    readonly clientCASecret?: string;
  };
  readonly enablePDB?: boolean;
  readonly enableSuperuserAccess?: boolean;
  readonly imageCatalogRef?: { readonly name?: string; readonly major?: number };
  readonly imageName?: string;
  readonly instances?: number;
  readonly managed?: {
    readonly roles?: readonly PostgresRole[];
    readonly services?: {
      readonly additional?: readonly {
        readonly serviceTemplate?: { readonly metadata?: Metadata; readonly spec?: { readonly type?: string } };
      }[];
    };
  };
  readonly monitoring?: { readonly tls?: { readonly enabled?: boolean } };
  readonly postgresql?: {
    readonly enableAlterSystem?: boolean;
    readonly parameters?: Labels;
    readonly pg_hba?: readonly string[];
    readonly synchronous?: {
      readonly method?: string;
      readonly number?: number;
      readonly dataDurability?: string;
      readonly failoverQuorum?: boolean;
    };
  };
  readonly resources?: Resources;
  /** Seconds. */
  readonly smartShutdownTimeout?: number;
  readonly stopDelay?: number;
  readonly switchoverDelay?: number;
  readonly storage?: { readonly size?: string; readonly storageClass?: string };
  readonly superuserSecret?: SecretReference;
}

/** The kinds that rules read. */
export interface Kinds {
  readonly Namespace: ObjectOf<object>;
  readonly Pod: ObjectOf<PodSpec>;
  readonly Service: ObjectOf<ServiceSpec>;
  readonly ServiceAccount: ObjectOf<never> & { readonly automountServiceAccountToken?: boolean };
  readonly Secret: ObjectOf<never> & {
    readonly type?: string;
    /** In base64. */
    readonly data?: Labels;
    readonly stringData?: Labels;
  };
  readonly ConfigMap: ObjectOf<never> & { readonly data?: Labels; readonly binaryData?: Labels };
  readonly PersistentVolumeClaim: ObjectOf<{
    readonly accessModes?: readonly string[];
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: Labels };
  }>;
  readonly PersistentVolume: ObjectOf<{
    readonly hostPath?: { readonly path?: string };
    readonly persistentVolumeReclaimPolicy?: string;
  }>;
  readonly StorageClass: ObjectOf<never> & { readonly provisioner?: string; readonly reclaimPolicy?: string };
  readonly Deployment: ObjectOf<WorkloadSpec>;
  readonly StatefulSet: ObjectOf<WorkloadSpec>;
  readonly DaemonSet: ObjectOf<WorkloadSpec>;
  readonly ReplicaSet: ObjectOf<WorkloadSpec>;
  readonly Job: ObjectOf<WorkloadSpec>;
  readonly CronJob: ObjectOf<{ readonly jobTemplate?: ObjectOf<WorkloadSpec> }>;
  readonly NetworkPolicy: ObjectOf<NetworkPolicySpec>;
  readonly Ingress: ObjectOf<{ readonly tls?: readonly { readonly hosts?: readonly string[] }[] }>;
  readonly PodDisruptionBudget: ObjectOf<{
    readonly selector?: LabelSelector;
    readonly minAvailable?: number | string;
    readonly maxUnavailable?: number | string;
  }>;
  readonly Role: RoleObject;
  readonly ClusterRole: RoleObject;
  readonly RoleBinding: BindingObject;
  readonly ClusterRoleBinding: BindingObject;
  readonly Cluster: ObjectOf<PostgresClusterSpec>;
  readonly Database: ObjectOf<
    Collation & {
      readonly name?: string;
      readonly owner?: string;
      readonly cluster?: { readonly name?: string };
      readonly databaseReclaimPolicy?: string;
    }
  >;
}
