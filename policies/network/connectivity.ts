/** Who reaches whom by the NetworkPolicies of a stack. */
import type { Labels, NetworkPolicyPeer, NetworkPolicyPort } from "../pack/kubernetes.ts";
import { selects } from "../pack/pods.ts";
import { type KubernetesResource, namespaceOf, ofKind, type Resource } from "../pack/resource.ts";
import { type PodSet, podSetsOf } from "./pod-sets.ts";
import { type Direction, directionsOf, type TrafficRule, trafficOf } from "./traffic.ts";

export type Policy = KubernetesResource<"NetworkPolicy">;

/** A rule with what it belongs to. */
export interface PlacedRule extends TrafficRule {
  readonly policy: Policy;
  /** The pods of the stack that it is for. */
  readonly subjects: readonly PodSet[];
  /** The pods of the stack that its peers mean. Addresses mean none. */
  readonly others: readonly PodSet[];
}

/** What one set of pods may send to another. */
export interface Connection {
  readonly client: PodSet;
  readonly server: PodSet;
  /** Empty: all ports of all protocols. */
  readonly ports: readonly NetworkPolicyPort[];
}

export class Connectivity {
  readonly podSets: readonly PodSet[];
  /** Names of the namespaces that the stack makes. */
  readonly namespaces: readonly string[];
  readonly policies: readonly Policy[];
  /** Every rule of every policy. */
  readonly rules: readonly PlacedRule[];
  private readonly subjects: ReadonlyMap<Policy, readonly PodSet[]>;
  private readonly namespaceLabels: ReadonlyMap<string, Labels>;

  constructor(stack: readonly Resource[]) {
    this.podSets = podSetsOf(stack);
    this.policies = ofKind(stack, "NetworkPolicy");
    this.namespaceLabels = new Map(
      ofKind(stack, "Namespace").map(({ name, props: { metadata = {} } }) => [
        metadata.name ?? name,
        metadata.labels ?? {},
      ]),
    );
    this.namespaces = [...this.namespaceLabels.keys()];
    this.subjects = new Map(this.policies.map((policy) => [policy, this.select(policy)]));
    this.rules = this.policies.flatMap((policy) =>
      trafficOf(policy.props.spec ?? {}).map((rule) => ({
        ...rule,
        policy,
        subjects: this.subjectsOf(policy),
        others: this.podSets.filter((pods) => rule.peers.some((peer) => this.means(peer, policy, pods))),
      })),
    );
  }

  /** The pods of the stack that a policy is for. */
  subjectsOf(policy: Policy): readonly PodSet[] {
    return this.subjects.get(policy) ?? [];
  }

  /** Whether some policy says what pods may do in that direction. Where none does, they may do anything. */
  isRestricted(pods: PodSet, direction: Direction): boolean {
    return this.policies.some(
      (policy) => directionsOf(policy.props.spec ?? {}).includes(direction) && this.subjectsOf(policy).includes(pods),
    );
  }

  /** Whether a peer of a policy means these pods. */
  means({ ipBlock, namespaceSelector, podSelector }: NetworkPolicyPeer, policy: Policy, pods: PodSet): boolean {
    if (ipBlock !== undefined) return false;
    const inNamespace =
      namespaceSelector === undefined
        ? pods.namespace === namespaceOf(policy)
        : selects(namespaceSelector, this.labelsOf(pods.namespace));
    return inNamespace && (podSelector === undefined || selects(podSelector, pods.labels));
  }

  /** Whether a peer means no pods, though the namespace that it means is the stack's own. */
  isIdle(peer: NetworkPolicyPeer, policy: Policy): boolean {
    const { ipBlock, namespaceSelector } = peer;
    if (ipBlock !== undefined || this.podSets.some((pods) => this.means(peer, policy, pods))) return false;
    return this.namespaces.some((namespace) =>
      namespaceSelector === undefined
        ? namespace === namespaceOf(policy)
        : selects(namespaceSelector, this.labelsOf(namespace)),
    );
  }

  /** The connections between pods of the stack that a rule is for. */
  connectionsOf({ direction, subjects, others, ports }: PlacedRule): readonly Connection[] {
    return subjects.flatMap((subject) =>
      others.map((other) =>
        direction === "Ingress" ? { client: other, server: subject, ports } : { client: subject, server: other, ports },
      ),
    );
  }

  /** Whether rules for that direction allow all of a connection. */
  allows(direction: Direction, { client, server, ports }: Connection): boolean {
    const [subject, peer] = direction === "Ingress" ? [server, client] : [client, server];
    const rules = this.rules.filter(
      (rule) =>
        rule.direction === direction &&
        rule.subjects.includes(subject) &&
        (rule.peers.length === 0 || rule.others.includes(peer)),
    );
    const covers = (port: NetworkPolicyPort | undefined) =>
      rules.some((rule) => rule.ports.length === 0 || rule.ports.some((other) => includes(other, port, server)));
    return ports.length === 0 ? covers(undefined) : ports.every(covers);
  }

  private select(policy: Policy): readonly PodSet[] {
    const namespace = namespaceOf(policy);
    const { podSelector = {} } = policy.props.spec ?? {};
    return this.podSets.filter((pods) => pods.namespace === namespace && selects(podSelector, pods.labels));
  }

  private labelsOf(namespace: string): Labels {
    return { ...this.namespaceLabels.get(namespace), "kubernetes.io/metadata.name": namespace };
  }
}

/** Whether all that the one allows at the server, the other allows too. */
function includes(one: NetworkPolicyPort, other: NetworkPolicyPort | undefined, server: PodSet): boolean {
  if (other === undefined || (one.protocol ?? "TCP") !== (other.protocol ?? "TCP")) return false;
  if (one.port === undefined || (one.port === other.port && one.endPort === other.endPort)) return true;
  if (other.port === undefined) return false;
  const [from, to] = rangeOf(one, server);
  const [first, last] = rangeOf(other, server);
  return from <= first && last <= to;
}

/** A port that has a name is the one that the server's containers call so; there may be none. */
function rangeOf({ port, endPort }: NetworkPolicyPort, server: PodSet): readonly [number, number] {
  const number = typeof port === "string" ? numberOf(port, server) : (port ?? Number.NaN);
  return [number, endPort ?? number];
}

function numberOf(name: string, { ports }: PodSet): number {
  const digits = Number(name);
  return Number.isNaN(digits) ? (ports.find((port) => port.name === name)?.number ?? Number.NaN) : digits;
}
