/** What rules look at: resources as the engine or an exported state describes them. */
import type { Kinds, Metadata } from "./kubernetes.ts";

export interface Resource {
  readonly urn: string;
  /** Pulumi's type token, for example `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** The resource's name in the program, not the object's name in the cluster. */
  readonly name: string;
  /**
   * Its inputs for rules about one resource, its outputs for rules about the stack. Reading a value that is not known yet
   * throws: the engine then says that the rule could not be decided.
   */
  readonly props: object;
  /** Whether the engine refuses to delete it. */
  readonly protect: boolean;
}

/** A resource that is a Kubernetes object of some kind. */
export type ObjectResource = Resource & { readonly props: { readonly metadata?: Metadata } };

/** A resource that is a Kubernetes object of a known kind. */
export type KubernetesResource<Kind extends keyof Kinds> = Resource & { readonly props: Kinds[Kind] };

/** API groups of the kinds that rules read, whatever their version. */
export const groups: { readonly [Kind in keyof Kinds]: readonly string[] } = {
  Namespace: ["core"],
  Pod: ["core"],
  Service: ["core"],
  ServiceAccount: ["core"],
  Secret: ["core"],
  ConfigMap: ["core"],
  PersistentVolumeClaim: ["core"],
  PersistentVolume: ["core"],
  StorageClass: ["storage.k8s.io"],
  Deployment: ["apps"],
  StatefulSet: ["apps"],
  DaemonSet: ["apps"],
  ReplicaSet: ["apps"],
  Job: ["batch"],
  CronJob: ["batch"],
  NetworkPolicy: ["networking.k8s.io"],
  Ingress: ["networking.k8s.io"],
  PodDisruptionBudget: ["policy"],
  Role: ["rbac.authorization.k8s.io"],
  ClusterRole: ["rbac.authorization.k8s.io"],
  RoleBinding: ["rbac.authorization.k8s.io"],
  ClusterRoleBinding: ["rbac.authorization.k8s.io"],
  Cluster: ["postgresql.cnpg.io"],
  Database: ["postgresql.cnpg.io"],
};

/** Group and kind of a Kubernetes resource, from its type token `kubernetes:<group>/<version>:<Kind>`. */
export function groupAndKind(type: string): { readonly group: string; readonly kind: string } | undefined {
  const [, group, kind] = /^kubernetes:([^/:]+)\/[^:]+:(\w+)$/.exec(type) ?? [];
  return group === undefined || kind === undefined ? undefined : { group, kind };
}

export function isKind<Kind extends keyof Kinds>(resource: Resource, kind: Kind): resource is KubernetesResource<Kind> {
  const token = groupAndKind(resource.type);
  return token?.kind === kind && groups[kind].includes(token.group);
}

/** The resources that are objects of that kind. */
export function ofKind<Kind extends keyof Kinds>(
  resources: readonly Resource[],
  kind: Kind,
): readonly KubernetesResource<Kind>[] {
  return resources.filter((resource) => isKind(resource, kind));
}

/** How messages call an object: `namespace/name`, or the resource's name while the object's is not known. */
export function nameOf(resource: ObjectResource): string {
  const { name = resource.name, namespace } = resource.props.metadata ?? {};
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The namespace that an object lies in: Kubernetes' own default where it names none. */
export function namespaceOf(resource: Pick<ObjectResource, "props">): string {
  return resource.props.metadata?.namespace ?? "default";
}
