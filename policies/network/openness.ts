import type { LabelSelector, Labels, NetworkPolicyPeer } from "../pack/kubernetes.ts";
import { isEverywhere } from "./cidr.ts";
import type { TrafficRule } from "./traffic.ts";

/** In which ways a rule leaves open who is at the other end. */
export function opennessOf({ peers, direction }: TrafficRule): readonly string[] {
  const end = direction === "Ingress" ? "from" : "to";
  return peers.length === 0 ? [`${end} everywhere`] : peers.flatMap((peer) => opennessOfPeer(peer, end));
}

function opennessOfPeer({ ipBlock, namespaceSelector, podSelector }: NetworkPolicyPeer, end: string): string[] {
  if (ipBlock !== undefined) return isEverywhere(ipBlock.cidr) ? [`${end} ${ipBlock.cidr}`] : [];
  const everyPod = podSelector === undefined || selectsAll(podSelector);
  if (namespaceSelector === undefined) return [];
  return selectsAll(namespaceSelector) && everyPod ? [`${end} every pod of the cluster`] : [];
}

/** Whether a selector says nothing about what it selects. */
export function selectsAll({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

/** Whether labels, or what a selector wants them to be, hold all of the wanted ones. None wanted: no labels do. */
export function hasLabels(labels: Labels | undefined, wanted: Labels): boolean {
  const entries = Object.entries(wanted);
  return entries.length > 0 && entries.every(([name, value]) => labels?.[name] === value);
}
