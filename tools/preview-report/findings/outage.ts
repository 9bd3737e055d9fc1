/** What stops or restarts, of what serves, and whether anything stands in for it meanwhile. */
import type { Change } from "../changes.ts";
import {
  budgetsOf,
  type KubernetesObject,
  objectOf,
  ofKind,
  replicasOf,
  servicesOf,
  usersOf,
  WORKLOADS,
} from "../objects.ts";
import type { Resource } from "../preview.ts";
import { list, nothing, Prose, say } from "../prose.ts";
import { at, numberOf, same, Unknown, type Value } from "../value.ts";
import { shown } from "../words.ts";
import { because } from "./data-loss.ts";
import type { Finding, Level, Rule, Situation } from "./finding.ts";

export const outage: Rule = (situation) =>
  situation.changes.flatMap((change) => [
    ...workload(change, situation),
    ...way(change, situation),
    ...budget(change, situation),
    ...needed(change, situation),
    ...cluster(change),
  ]);

const POSTGRES = "postgresql.cnpg.io/Cluster";

/** Pods that stop, restart or become fewer. */
function workload(change: Change, situation: Situation): Finding[] {
  const { resource } = change;
  const [before, after] = [objectOf(resource, resource.before), objectOf(resource, resource.after)];
  if (before === undefined || ![...WORKLOADS, POSTGRES].includes(before.kind)) return [];
  const serving = servingText(before, situation);
  const isServing = serving !== undefined;
  const hurts = (level: Level): Level => (isServing ? level : level === "danger" ? "review" : "note");
  if (resource.action === "delete") return [finding(resource, hurts("danger"), say`stops${serving ?? nothing}`)];
  if (resource.action === "replace") {
    const gap = resource.isDeletedFirst ? "deleted before the new one is made" : "replaced by a new one";
    return [
      finding(
        resource,
        hurts("danger"),
        say`is ${new Prose(gap)}${because(resource, change.properties)}${serving ?? nothing}`,
      ),
    ];
  }
  if (after === undefined) return [];
  return [
    ...fewer(resource, before, after, { serving, hurts }),
    ...restarted(change, { before, after }, situation, { serving, hurts }),
  ];
}

interface Serving {
  /** ", which serves `x`", or nothing where no Service leads to it. */
  readonly serving: Prose | undefined;
  /** The level where users notice, lowered where there are none. */
  readonly hurts: (level: Level) => Level;
}

function servingText(object: KubernetesObject, { objects }: Situation): Prose | undefined {
  if (object.kind === POSTGRES) return say`; what needs its databases waits`;
  const services = servicesOf(object, objects.before);
  return services.length === 0 ? undefined : say`; it serves ${list(services.map(({ name }) => name))}`;
}

function fewer(
  resource: Resource,
  before: KubernetesObject,
  after: KubernetesObject,
  { serving, hurts }: Serving,
): Finding[] {
  const [old, now] = [replicasOf(before), replicasOf(after)];
  if (old === undefined) return [];
  if (now === undefined)
    return [finding(resource, hurts("review"), say`gets a number of pods that is known only at ${"up"}`)];
  if (now >= old) return [];
  if (now === 0) return [finding(resource, hurts("danger"), say`stops: ${old} → 0 pods${serving ?? nothing}`)];
  const alone = now === 1 ? "; nothing stands in for the one that is left" : "";
  return [
    finding(resource, hurts(now === 1 ? "review" : "note"), say`runs fewer pods: ${old} → ${now}${new Prose(alone)}`),
  ];
}

/** Changing the pod template replaces all pods, in the way that the workload's strategy says. */
function restarted(
  change: Change,
  { before, after }: { readonly before: KubernetesObject; readonly after: KubernetesObject },
  { objects }: Situation,
  { serving, hurts }: Serving,
): Finding[] {
  const { resource } = change;
  const causes = restartCauses(change, after);
  if (causes.length === 0) return parametersChanged(change, after);
  const why = list(causes, 3);
  if (after.kind === POSTGRES) {
    // Instances that are only made by this change stand in for nothing yet.
    const instances = Math.min(replicasOf(before) ?? 1, replicasOf(after) ?? 1);
    return instances > 1
      ? [finding(resource, "review", say`restarts instance by instance, the primary last, with a switchover (${why})`)]
      : [finding(resource, "review", say`restarts its only instance (${why})${serving ?? nothing}`)];
  }
  const roll = rollOut(after);
  const budgets = budgetsOf(after, objects.after);
  const cover =
    budgets.length > 0
      ? say`; the disruption budget ${list(budgets.map(({ name }) => name))} covers it`
      : say`; no disruption budget covers it`;
  const isCalm = !roll.isInterrupted && budgets.length > 0;
  return [
    finding(
      resource,
      hurts(isCalm ? "note" : "review"),
      say`${new Prose(roll.how)} (${why})${serving ?? nothing}${cover}`,
    ),
  ];
}

function restartCauses({ properties, noise }: Change, { kind }: KubernetesObject): string[] {
  const isCause = (path: Change["properties"][number]["path"]) =>
    kind === POSTGRES
      ? /^(imageName|imageCatalogRef|resources|env|envFrom|affinity|shmLimits|seccompProfile)$/.test(`${path[1]}`)
      : path[0] === "spec" && path[1] === "template";
  const named = properties.filter(({ path }) => isCause(path)).map(({ path }) => lastName(path));
  const configuration = noise.some(({ path, rule }) => rule === "derivedHash" && isCause(path))
    ? ["configuration"]
    : [];
  return [...new Set([...named, ...configuration])];
}

function parametersChanged({ resource, properties }: Change, { kind }: KubernetesObject): Finding[] {
  if (kind !== POSTGRES || !properties.some(({ path }) => path[1] === "postgresql")) return [];
  return [finding(resource, "review", say`reloads its configuration, or restarts where a changed parameter needs it`)];
}

function lastName(path: Change["properties"][number]["path"]): string {
  const name = path.findLast((step) => typeof step === "string");
  return typeof name === "string" ? name : "";
}

/** How the pods are replaced. Source: the API reference of Deployment, StatefulSet and DaemonSet. */
function rollOut(object: KubernetesObject): { readonly how: string; readonly isInterrupted: boolean } {
  const { inputs, kind } = object;
  const replicas = replicasOf(object);
  if (kind === "apps/DaemonSet") return { how: "restarts node by node", isInterrupted: false };
  if (replicas === 0) return { how: "has no pods to restart", isInterrupted: false };
  if (kind === "apps/StatefulSet") {
    if (at(inputs, "spec", "updateStrategy", "type") === "OnDelete")
      return { how: "restarts when somebody deletes its pods", isInterrupted: false };
    return replicas === undefined || replicas > 1
      ? { how: "restarts pod by pod", isInterrupted: false }
      : { how: "restarts its only pod: it is away until the new one is ready", isInterrupted: true };
  }
  if (at(inputs, "spec", "strategy", "type") === "Recreate")
    return { how: "stops all pods before new ones start", isInterrupted: true };
  const surge = at(inputs, "spec", "strategy", "rollingUpdate", "maxSurge");
  if (replicas === 1 && (surge === 0 || surge === "0%"))
    return { how: "stops its only pod before the new one starts", isInterrupted: true };
  return replicas === 1
    ? { how: "restarts its only pod, the new one before the old one goes", isInterrupted: false }
    : { how: "restarts, some pods at a time", isInterrupted: false };
}

const WAYS = [
  "core/Service",
  "networking.k8s.io/Ingress",
  "gateway.networking.k8s.io/Gateway",
  "gateway.networking.k8s.io/HTTPRoute",
  "gateway.networking.k8s.io/GRPCRoute",
  "gateway.networking.k8s.io/TCPRoute",
  "gateway.networking.k8s.io/TLSRoute",
];

/** The ways by which others reach it. */
function way({ resource, properties }: Change, { objects }: Situation): Finding[] {
  const [before, after] = [objectOf(resource, resource.before), objectOf(resource, resource.after)];
  if (before === undefined || !WAYS.includes(before.kind)) return [];
  if (resource.action === "delete")
    return [finding(resource, "danger", say`goes: nobody reaches anything through it any more`)];
  if (resource.action === "replace") {
    return [
      finding(
        resource,
        "danger",
        say`is replaced${because(resource, properties)}: its address may change, and it is away meanwhile`,
      ),
    ];
  }
  if (after === undefined || before.kind !== "core/Service") return [];
  const [led, leads] = [leadsTo(before, objects.before), leadsTo(after, objects.after)];
  const selectorChanged = !same(at(before.inputs, "spec", "selector"), at(after.inputs, "spec", "selector"));
  const lost = selectorChanged && led.length > 0 && leads.length === 0;
  return [
    ...(lost
      ? [
          finding(
            resource,
            "danger",
            say`leads nowhere any more: no workload of the stack has the labels that it selects`,
          ),
        ]
      : []),
    ...portsGone(before, after).map((port) => finding(resource, "review", say`no longer serves port ${shown(port)}`)),
  ];
}

function leadsTo(service: KubernetesObject, objects: readonly KubernetesObject[]): KubernetesObject[] {
  return ofKind(objects, ...WORKLOADS).filter((workload) => servicesOf(workload, [service]).length > 0);
}

function portsGone(before: KubernetesObject, after: KubernetesObject): Value[] {
  const ports = ({ inputs }: KubernetesObject) => {
    const all = at(inputs, "spec", "ports");
    return Array.isArray(all) ? all.map((port) => at(port, "port")) : [];
  };
  const still = ports(after);
  if (at(after.inputs, "spec", "ports") instanceof Unknown) return [];
  return ports(before).flatMap((port) =>
    port === undefined || still.some((other) => same(port, other)) ? [] : [port],
  );
}

/** Disruption budgets that go or allow more, over workloads that stay. */
function budget({ resource }: Change, { objects }: Situation): Finding[] {
  const [before, after] = [objectOf(resource, resource.before), objectOf(resource, resource.after)];
  if (before?.kind !== "policy/PodDisruptionBudget" || resource.action === "create") return [];
  const covered = ofKind(objects.after, ...WORKLOADS).filter((each) => budgetsOf(each, [before]).length > 0);
  if (resource.action === "delete") {
    if (covered.length === 0) return [];
    return [
      finding(
        resource,
        "review",
        say`goes: a drained node may take all pods of ${list(covered.map(({ name }) => name))} at once`,
      ),
    ];
  }
  const allowed = (object: KubernetesObject | undefined, key: string) => numberOf(at(object?.inputs, "spec", key));
  const [least, leastNow] = [allowed(before, "minAvailable"), allowed(after, "minAvailable")];
  const [most, mostNow] = [allowed(before, "maxUnavailable"), allowed(after, "maxUnavailable")];
  const isLooser =
    (least !== undefined && leastNow !== undefined && leastNow < least) ||
    (most !== undefined && mostNow !== undefined && mostNow > most);
  return isLooser ? [finding(resource, "review", say`lets more pods be away at once`)] : [];
}

/** ConfigMaps and Secrets that go though pods still need them. */
function needed({ resource }: Change, { objects }: Situation): Finding[] {
  const object = objectOf(resource, resource.before);
  if (resource.action !== "delete" || object === undefined) return [];
  if (object.kind !== "core/Secret" && object.kind !== "core/ConfigMap") return [];
  const users = usersOf(object, objects.after);
  if (users.length === 0) return [];
  return [finding(resource, "danger", say`goes, but pods of ${list(users.map(({ name }) => name))} need it to start`)];
}

/** A provider that leads to another cluster. */
function cluster({ resource, properties }: Change): Finding[] {
  if (resource.type !== "pulumi:providers:kubernetes" || resource.action !== "replace") return [];
  return [
    finding(
      resource,
      "danger",
      say`leads to another cluster${because(resource, properties)}: everything made through it is made anew there`,
    ),
  ];
}

function finding(resource: Resource, level: Level, text: Prose): Finding {
  return { category: "outage", level, resource, text };
}
