/** What network policies allow, as flows that can be compared: which pods, in which direction, with whom, on which port. */
import { BlockList, isIP } from "node:net";
import { type KubernetesObject, type Labels, labelsOf, ofKind, podTemplateOf, selects, WORKLOADS } from "./objects.ts";
import { at, entriesOf, hasUnknown, itemsOf, numberOf, same, type Tree, textOf, type Value } from "./value.ts";

export type Direction = "Ingress" | "Egress";

/** Pods that a policy is about: only what some policy allows reaches them, or leaves them. */
export interface Isolation {
  readonly policy: KubernetesObject;
  readonly direction: Direction;
  /** The policy's `podSelector`. */
  readonly pods: Value;
}

export interface Flow extends Isolation {
  readonly peer: Peer;
  readonly port: Port;
}

export type Peer =
  | { readonly kind: "anybody" }
  | { readonly kind: "addresses"; readonly cidr: string; readonly except: readonly string[] }
  | { readonly kind: "pods"; readonly namespaces: Value; readonly pods: Value }
  | { readonly kind: "unknown" };

export type Port =
  | { readonly kind: "any" }
  | { readonly kind: "range"; readonly protocol: string; readonly from: number; readonly to: number }
  | { readonly kind: "named"; readonly protocol: string; readonly name: string }
  | { readonly kind: "unknown" };

export function policiesOf(objects: readonly KubernetesObject[]): KubernetesObject[] {
  return ofKind(objects, "networking.k8s.io/NetworkPolicy");
}

/** Source: the API reference of NetworkPolicy: without `policyTypes`, Egress counts only where it has rules. */
export function isolationsOf(policy: KubernetesObject): Isolation[] {
  const spec = at(policy.inputs, "spec");
  const types = at(spec, "policyTypes");
  const given = itemsOf(types).map(textOf);
  const implied: Direction[] = at(spec, "egress") === undefined ? ["Ingress"] : ["Ingress", "Egress"];
  const directions =
    types === undefined ? implied : (["Ingress", "Egress"] as const).filter((each) => given.includes(each));
  return directions.map((direction) => ({ policy, direction, pods: at(spec, "podSelector") ?? {} }));
}

export function flowsOf(policy: KubernetesObject): Flow[] {
  return isolationsOf(policy).flatMap((isolation) => {
    const [rules, peers] = isolation.direction === "Ingress" ? ["ingress", "from"] : ["egress", "to"];
    const all = at(policy.inputs, "spec", rules);
    if (hasUnknown(all) && itemsOf(all).length === 0)
      return [{ ...isolation, peer: { kind: "unknown" }, port: { kind: "unknown" } }];
    return itemsOf(all).flatMap((rule): Flow[] =>
      peersOf(at(rule, peers), policy.namespace).flatMap((peer) =>
        portsOf(at(rule, "ports")).map((port) => ({ ...isolation, peer, port })),
      ),
    );
  });
}

function peersOf(value: Value | undefined, namespace: string): Peer[] {
  if (value !== undefined && itemsOf(value).length === 0 && hasUnknown(value)) return [{ kind: "unknown" }];
  const peers = itemsOf(value);
  return peers.length === 0 ? [{ kind: "anybody" }] : peers.map((peer) => peerOf(peer, namespace));
}

/** The label that every namespace has: its name. */
export const NAMESPACE_NAME = "kubernetes.io/metadata.name";

function peerOf(peer: Value, namespace: string): Peer {
  if (hasUnknown(peer)) return { kind: "unknown" };
  const cidr = textOf(at(peer, "ipBlock", "cidr"));
  if (cidr !== undefined) {
    return {
      kind: "addresses",
      cidr,
      except: itemsOf(at(peer, "ipBlock", "except")).flatMap((each) => textOf(each) ?? []),
    };
  }
  // Pods without a namespace are those of the policy's own.
  const own = { matchLabels: { [NAMESPACE_NAME]: namespace } };
  return { kind: "pods", namespaces: at(peer, "namespaceSelector") ?? own, pods: at(peer, "podSelector") ?? {} };
}

function portsOf(value: Value | undefined): Port[] {
  if (value !== undefined && itemsOf(value).length === 0 && hasUnknown(value)) return [{ kind: "unknown" }];
  const ports = itemsOf(value);
  return ports.length === 0 ? [{ kind: "any" }] : ports.map(portOf);
}

function portOf(port: Value): Port {
  if (hasUnknown(port)) return { kind: "unknown" };
  const protocol = textOf(at(port, "protocol")) ?? "TCP";
  const [number, name] = [numberOf(at(port, "port")), textOf(at(port, "port"))];
  if (number !== undefined)
    return { kind: "range", protocol, from: number, to: numberOf(at(port, "endPort")) ?? number };
  return name === undefined ? { kind: "range", protocol, from: 1, to: 65535 } : { kind: "named", protocol, name };
}

/** Whether whatever the narrow flow allows, the broad one allows too. What is not known yet covers nothing. */
export function covers(broad: Flow, narrow: Flow): boolean {
  return isolates(broad, narrow) && coversPeer(broad.peer, narrow.peer) && coversPort(broad.port, narrow.port);
}

/** Whether the broad policy is about all pods that the narrow one is about. */
export function isolates(broad: Isolation, narrow: Isolation): boolean {
  return (
    broad.direction === narrow.direction &&
    broad.policy.namespace === narrow.policy.namespace &&
    coversSelector(broad.pods, narrow.pods)
  );
}

function coversSelector(broad: Value, narrow: Value): boolean {
  if (hasUnknown(broad) || hasUnknown(narrow)) return same(broad, narrow);
  const labels: Labels = Object.fromEntries(entriesOf(at(narrow, "matchLabels")));
  const others = itemsOf(at(narrow, "matchExpressions"));
  return (
    selects(at(broad, "matchLabels"), labels) &&
    itemsOf(at(broad, "matchExpressions")).every((one) => others.some((other) => same(one, other)))
  );
}

function coversPeer(broad: Peer, narrow: Peer): boolean {
  if (narrow.kind === "unknown" || broad.kind === "unknown") return false;
  if (broad.kind === "anybody") return true;
  if (broad.kind === "addresses") return narrow.kind === "addresses" && coversAddresses(broad, narrow);
  if (narrow.kind !== "pods") return false;
  return coversSelector(broad.namespaces, narrow.namespaces) && coversSelector(broad.pods, narrow.pods);
}

type Addresses = Extract<Peer, { kind: "addresses" }>;

function coversAddresses(broad: Addresses, narrow: Addresses): boolean {
  const isCarvedOut = (hole: string) =>
    narrow.except.some((except) => coversCidr(except, hole)) || !coversCidr(narrow.cidr, hole);
  return coversCidr(broad.cidr, narrow.cidr) && broad.except.every(isCarvedOut);
}

function coversCidr(broad: string, narrow: string): boolean {
  const [one, other] = [parseCidr(broad), parseCidr(narrow)];
  if (one === undefined || other === undefined) return broad === narrow;
  if (one.family !== other.family || one.prefix > other.prefix) return false;
  const block = new BlockList();
  block.addSubnet(one.address, one.prefix, one.family);
  return block.check(other.address, other.family);
}

function parseCidr(cidr: string) {
  const [address = "", bits = ""] = cidr.split("/");
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  const prefix = Number(bits);
  if (version === 0 || !/^\d+$/.test(bits) || prefix > most) return undefined;
  return { address, prefix, family: version === 4 ? ("ipv4" as const) : ("ipv6" as const) };
}

function coversPort(broad: Port, narrow: Port): boolean {
  if (broad.kind === "unknown" || narrow.kind === "unknown") return false;
  if (broad.kind === "any") return true;
  if (narrow.kind === "any" || broad.protocol !== narrow.protocol) return false;
  if (broad.kind === "named" || narrow.kind === "named") return same({ ...broad }, { ...narrow });
  return broad.from <= narrow.from && narrow.to <= broad.to;
}

/** Whether it leads everywhere, or is open to everybody: all addresses, or all pods of the cluster. */
export function isOpen({ peer }: Flow): boolean {
  if (peer.kind === "anybody") return true;
  if (peer.kind === "addresses") return (parseCidr(peer.cidr)?.prefix ?? 32) <= 4;
  return peer.kind === "pods" && isEverything(peer.namespaces) && isEverything(peer.pods);
}

export function isEverything(selector: Value): boolean {
  return entriesOf(selector).length === 0 && !hasUnknown(selector);
}

/** Workloads of the stack whose pods the selector chooses. */
export function selected({ policy, pods }: Isolation, objects: readonly KubernetesObject[]): KubernetesObject[] {
  return ofKind(objects, ...WORKLOADS).filter(
    (workload) =>
      workload.namespace === policy.namespace && coversSelector(pods, { matchLabels: templateLabels(workload) }),
  );
}

function templateLabels(workload: KubernetesObject): Tree {
  return Object.fromEntries(Object.entries(labelsOf(podTemplateOf(workload))).map(([key, value]) => [key, value]));
}
