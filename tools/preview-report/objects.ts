/** The Kubernetes objects of a stack, before and after, and what rules ask about them. */
import type { Preview, Resource, State } from "./preview.ts";
import { at, entriesOf, isTree, itemsOf, type Tree, textOf, Unknown, type Value } from "./value.ts";

export interface KubernetesObject {
  readonly resource: Resource;
  /** Group and kind, such as `apps/Deployment`, `core/Service` and `postgresql.cnpg.io/Cluster`. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly inputs: Tree;
}

/** The same stack at two times. */
export interface Objects {
  readonly before: readonly KubernetesObject[];
  readonly after: readonly KubernetesObject[];
}

export function objectsOf({ resources }: Preview): Objects {
  const list = (state: (resource: Resource) => State | undefined) =>
    resources.flatMap((resource) => objectOf(resource, state(resource)) ?? []);
  return {
    before: list(({ before }) => before),
    after: list(({ action, after }) => (action === "delete" || action === "forget" ? undefined : after)),
  };
}

/** The Kubernetes object that a resource is at that time, or nothing where it is something else. */
export function objectOf(resource: Resource, state: State | undefined): KubernetesObject | undefined {
  const kind = kindOf(resource.type);
  if (kind === undefined || state === undefined) return undefined;
  const { inputs } = state;
  return {
    resource,
    kind,
    namespace: textOf(at(inputs, "metadata", "namespace")) ?? "default",
    // What Pulumi is left to name has the program's name in it.
    name: textOf(at(inputs, "metadata", "name")) ?? textOf(at(state.outputs, "metadata", "name")) ?? resource.name,
    inputs,
  };
}

/** `kubernetes:apps/v1:Deployment` → `apps/Deployment` */
export function kindOf(type: string): string | undefined {
  const [, group, kind] = /^kubernetes:([^:/]+)\/[^:]+:([^:]+)$/.exec(type) ?? [];
  return group === undefined || kind === undefined ? undefined : `${group}/${kind}`;
}

export function ofKind(objects: readonly KubernetesObject[], ...kinds: readonly string[]): KubernetesObject[] {
  return objects.filter(({ kind }) => kinds.includes(kind));
}

/** What makes pods and keeps them running. */
export const WORKLOADS = [
  "apps/Deployment",
  "apps/StatefulSet",
  "apps/DaemonSet",
  "apps/ReplicaSet",
  "core/ReplicationController",
];

/** The pods that an object makes, or nothing when it makes none itself. */
export function podTemplateOf({ kind, inputs }: KubernetesObject): Tree | undefined {
  if (kind === "core/Pod") return inputs;
  const path = kind === "batch/CronJob" ? ["spec", "jobTemplate", "spec", "template"] : ["spec", "template"];
  const template = [...WORKLOADS, "batch/Job", "batch/CronJob"].includes(kind) ? at(inputs, ...path) : undefined;
  return isTree(template) ? template : undefined;
}

/** All containers of a pod, those that run before it begins too. */
export function containersOf(template: Tree): Tree[] {
  return ["initContainers", "containers", "ephemeralContainers"].flatMap((list) =>
    itemsOf(at(template, "spec", list)).filter(isTree),
  );
}

export type Labels = Readonly<Record<string, Value>>;

export function labelsOf(template: Tree | undefined): Labels {
  return Object.fromEntries(entriesOf(at(template, "metadata", "labels")));
}

/** Whether a selector's `matchLabels`, or a Service's `selector`, chooses pods with these labels. */
export function selects(selector: Value | undefined, labels: Labels): boolean {
  return entriesOf(selector).every(([key, value]) => labels[key] === value);
}

/** Services that lead to the pods of a workload. */
export function servicesOf(workload: KubernetesObject, objects: readonly KubernetesObject[]): KubernetesObject[] {
  const labels = labelsOf(podTemplateOf(workload));
  return ofKind(objects, "core/Service").filter(({ namespace, inputs }) => {
    const selector = at(inputs, "spec", "selector");
    return namespace === workload.namespace && entriesOf(selector).length > 0 && selects(selector, labels);
  });
}

/** Disruption budgets that cover the pods of a workload. */
export function budgetsOf(workload: KubernetesObject, objects: readonly KubernetesObject[]): KubernetesObject[] {
  const labels = labelsOf(podTemplateOf(workload));
  return ofKind(objects, "policy/PodDisruptionBudget").filter(({ namespace, inputs }) => {
    const selector = at(inputs, "spec", "selector", "matchLabels");
    return namespace === workload.namespace && entriesOf(selector).length > 0 && selects(selector, labels);
  });
}

/** Workloads whose pods use a ConfigMap or Secret of that name. */
export function usersOf(
  { kind, name, namespace }: KubernetesObject,
  objects: readonly KubernetesObject[],
): KubernetesObject[] {
  const word =
    kind === "core/Secret" ? /^(secret|secretRef|secretKeyRef)$/ : /^(configMap|configMapRef|configMapKeyRef)$/;
  return objects.filter((object) => {
    const template = podTemplateOf(object);
    return object.namespace === namespace && template !== undefined && refersTo(at(template, "spec"), word, name);
  });
}

function refersTo(value: Value | undefined, word: RegExp, name: string): boolean {
  if (Array.isArray(value)) return value.some((item) => refersTo(item, word, name));
  return entriesOf(value).some(([key, below]) => {
    const isIt = word.test(key) && (at(below, "name") === name || at(below, "secretName") === name);
    return isIt || refersTo(below, word, name);
  });
}

/** Number of pods, or nothing where nodes, an autoscaler or a value that is not known yet decide. */
export function replicasOf({ kind, inputs }: KubernetesObject): number | undefined {
  if (kind === "apps/DaemonSet") return undefined;
  const path = kind === "postgresql.cnpg.io/Cluster" ? "instances" : "replicas";
  const replicas = at(inputs, "spec", path) ?? 1;
  return replicas instanceof Unknown || typeof replicas !== "number" ? undefined : replicas;
}
