/** What changed network policies open (exposure) and close (outage). Policies are judged together: moving a rule is neither. */

import type { Change } from "../changes.ts";
import {
  covers,
  type Direction,
  type Flow,
  flowsOf,
  type Isolation,
  isEverything,
  isOpen,
  isolates,
  isolationsOf,
  policiesOf,
  selected,
} from "../network-policies.ts";
import { flowText, podsText } from "../network-words.ts";
import { type KubernetesObject, type Objects, objectOf, ofKind } from "../objects.ts";
import { join, list, Prose, say } from "../prose.ts";
import type { Finding, Rule, Situation } from "./finding.ts";

export const networkExposure: Rule = (situation) => {
  const changed = changedPolicies(situation);
  return changed.flatMap((each) => [...opened(each, situation), ...released(each, situation)]);
};

export const networkOutage: Rule = (situation) => {
  const changed = changedPolicies(situation);
  return changed.flatMap((each) => [...closed(each, situation), ...isolated(each, situation)]);
};

interface ChangedPolicy {
  readonly change: Change;
  readonly before: KubernetesObject | undefined;
  readonly after: KubernetesObject | undefined;
}

function changedPolicies({ changes }: Situation): ChangedPolicy[] {
  return changes
    .map((change) => {
      const { action, before, after } = change.resource;
      const isGone = action === "delete" || action === "forget";
      return {
        change,
        before: objectOf(change.resource, before),
        after: isGone ? undefined : objectOf(change.resource, after),
      };
    })
    .filter(({ before, after }) => policiesOf([before, after].flatMap((each) => each ?? [])).length > 0);
}

/** Flows that are allowed now and were not. */
function opened({ change, after }: ChangedPolicy, situation: Situation): Finding[] {
  if (after === undefined) return [];
  const { objects } = situation;
  const [flowsBefore, isolationsBefore] = [
    policiesOf(objects.before).flatMap(flowsOf),
    policiesOf(objects.before).flatMap(isolationsOf),
  ];
  const isNewHere = isNewNamespace(after.namespace, situation);
  const found = flowsOf(after)
    .filter((flow) => !flowsBefore.some((other) => covers(other, flow)))
    // Pods that were open to everybody are less so now.
    .filter((flow) => isNewHere || isolationsBefore.some((each) => isolates(each, flow)));
  const [open, others] = [found.filter(isOpen), found.filter((flow) => !isOpen(flow))];
  const areNewPods = (flow: Flow) =>
    selected(flow, objects.before).length === 0 && selected(flow, objects.after).length > 0;
  // What comes with a new namespace opens nothing that was closed, unless it is open to everybody.
  if (isNewHere) return told(change, open, "review");
  return [...told(change, open, "danger"), ...told(change, others, others.every(areNewPods) ? "note" : "review")];
}

function told({ resource }: Change, flows: readonly Flow[], level: Finding["level"]): Finding[] {
  if (flows.length === 0) return [];
  return [{ category: "exposure", level, resource, text: say`opens: ${join(texts(flows), "; ")}` }];
}

function texts(flows: readonly Flow[]): Prose[] {
  const most = 4;
  const shown = flows.slice(0, most).map(flowText);
  return flows.length > most ? [...shown, new Prose(`and ${flows.length - most} more`)] : shown;
}

/** Pods that no policy is about any more: everything is allowed to them. */
function released({ change, before }: ChangedPolicy, { objects }: Situation): Finding[] {
  if (before === undefined || isGoneNamespace(before.namespace, objects)) return [];
  const isolationsAfter = policiesOf(objects.after).flatMap(isolationsOf);
  const free = isolationsOf(before)
    .filter((each) => !isolationsAfter.some((other) => isolates(other, each)))
    .filter((each) => !areGone(each, objects));
  if (free.length === 0) return [];
  const ways = free.map(({ direction }) =>
    direction === "Ingress" ? "anybody may reach them" : "they may reach everything",
  );
  const text = say`no policy is about ${podsOf(free)} any more: ${new Prose(ways.join(", "))}`;
  return [{ category: "exposure", level: "danger", resource: change.resource, text }];
}

/** Flows that were allowed, between pods that stay, and are not any more. */
function closed({ change, before }: ChangedPolicy, { objects }: Situation): Finding[] {
  if (before === undefined || isGoneNamespace(before.namespace, objects)) return [];
  const [flowsAfter, isolationsAfter] = [
    policiesOf(objects.after).flatMap(flowsOf),
    policiesOf(objects.after).flatMap(isolationsOf),
  ];
  const cutOff = flowsOf(before)
    .filter((flow) => !flowsAfter.some((other) => covers(other, flow)))
    .filter((flow) => isolationsAfter.some((each) => isolates(each, flow)))
    .filter((flow) => !areGone(flow, objects) && !isPeerGone(flow, objects));
  if (cutOff.length === 0) return [];
  const text = say`closes what was open: ${join(texts(cutOff), "; ")}`;
  return [{ category: "outage", level: "review", resource: change.resource, text }];
}

/** Pods that were open to everybody, and are reached from now on only by whom a policy names. */
function isolated({ change, before, after }: ChangedPolicy, situation: Situation): Finding[] {
  const { objects } = situation;
  if (after === undefined || isNewNamespace(after.namespace, situation)) return [];
  const known = [...policiesOf(objects.before).flatMap(isolationsOf), ...(before ? isolationsOf(before) : [])];
  const fresh = isolationsOf(after)
    .filter((each) => !known.some((other) => isolates(other, each)))
    .filter((each) => selected(each, objects.before).length > 0);
  if (fresh.length === 0) return [];
  const ways = fresh.map(({ direction }: { readonly direction: Direction }) => direction.toLowerCase());
  const text = say`is the first policy about ${podsOf(fresh)}: what it does not allow (${list(ways)}) stops`;
  return [{ category: "outage", level: "review", resource: change.resource, text }];
}

function podsOf([first]: readonly Isolation[]): Prose {
  return first === undefined ? new Prose("no pods") : podsText(first.pods);
}

/** Whether the pods that it chooses were in the stack and no longer are. */
function areGone(isolation: Isolation, objects: Objects): boolean {
  return selected(isolation, objects.before).length > 0 && selected(isolation, objects.after).length === 0;
}

function isPeerGone(flow: Flow, objects: Objects): boolean {
  const { peer, policy } = flow;
  if (peer.kind !== "pods" || isEverything(peer.pods)) return false;
  return areGone({ policy, direction: flow.direction, pods: peer.pods }, objects);
}

function isNewNamespace(namespace: string, { preview, objects }: Situation): boolean {
  return preview.isFirst || (hasNamespace(objects.after, namespace) && !hasNamespace(objects.before, namespace));
}

function isGoneNamespace(namespace: string, objects: Objects): boolean {
  return hasNamespace(objects.before, namespace) && !hasNamespace(objects.after, namespace);
}

function hasNamespace(objects: readonly KubernetesObject[], namespace: string): boolean {
  return ofKind(objects, "core/Namespace").some(({ name }) => name === namespace);
}
