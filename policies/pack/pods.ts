/** The pods that a resource makes, whatever its kind, and what selects them. */
import type { Container, LabelSelector, Labels, PodSpec, PodTemplate } from "./kubernetes.ts";
import { isKind, namespaceOf, type ObjectResource, type Resource } from "./resource.ts";

export interface Pods {
  readonly resource: ObjectResource;
  readonly namespace: string;
  readonly labels: Labels;
  /** What each of them is made from. */
  readonly template: PodTemplate;
  readonly spec: PodSpec;
  /** How many run at a time; nothing where the nodes decide. */
  readonly replicas: number | undefined;
  /** Whether they run to an end instead of serving. */
  readonly runToEnd: boolean;
}

/** The pods that the resource makes, or nothing when it makes none. */
export function podsOf(resource: Resource): Pods | undefined {
  if (isKind(resource, "Pod")) return pods(resource, resource.props, { replicas: 1 });
  for (const kind of ["Deployment", "StatefulSet", "ReplicaSet"] as const) {
    if (isKind(resource, kind)) {
      return pods(resource, resource.props.spec?.template, { replicas: resource.props.spec?.replicas ?? 1 });
    }
  }
  if (isKind(resource, "DaemonSet")) return pods(resource, resource.props.spec?.template, { replicas: undefined });
  if (isKind(resource, "Job")) return pods(resource, resource.props.spec?.template, { replicas: 1, runToEnd: true });
  if (isKind(resource, "CronJob")) {
    return pods(resource, resource.props.spec?.jobTemplate?.spec?.template, { replicas: 1, runToEnd: true });
  }
  return undefined;
}

function pods(
  resource: ObjectResource,
  template: PodTemplate = {},
  { replicas, runToEnd = false }: { readonly replicas: number | undefined; readonly runToEnd?: boolean },
): Pods {
  const labels = template.metadata?.labels ?? {};
  return {
    resource,
    namespace: namespaceOf(resource),
    labels,
    template,
    spec: template.spec ?? {},
    replicas,
    runToEnd,
  };
}

/** All containers of a pod: those that prepare it, those that serve, and those that were added to look at it. */
export function containersOf(spec: PodSpec): readonly Container[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])];
}

/** Whether a selector chooses something with these labels. An empty selector chooses everything, none chooses nothing. */
export function selects(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false;
  const named = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return named && (selector.matchExpressions ?? []).every((expression) => meets(expression, labels));
}

function meets({ key, operator, values = [] }: NonNullable<LabelSelector["matchExpressions"]>[number], labels: Labels) {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
