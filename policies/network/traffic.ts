/** NetworkPolicies in one form for both directions. */
import type { NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec } from "../pack/kubernetes.ts";

export type Direction = "Ingress" | "Egress";

export const directions = ["Ingress", "Egress"] as const;

/** One rule of a policy. */
export interface TrafficRule {
  readonly direction: Direction;
  /** Who is at the other end. Empty: everybody. */
  readonly peers: readonly NetworkPolicyPeer[];
  /** Empty: all ports of all protocols. */
  readonly ports: readonly NetworkPolicyPort[];
}

/**
 * The directions in which a policy denies what it does not allow.
 *
 * @source https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/ (policyTypes)
 */
export function directionsOf({ policyTypes = [], egress }: NetworkPolicySpec): readonly Direction[] {
  if (policyTypes.length > 0) return directions.filter((direction) => policyTypes.includes(direction));
  return (egress ?? []).length > 0 ? directions : ["Ingress"];
}

/** What a policy allows; rules of a direction that it says nothing about do not count. */
export function trafficOf(spec: NetworkPolicySpec, wanted: readonly Direction[] = directions): readonly TrafficRule[] {
  const rules: Readonly<Record<Direction, readonly TrafficRule[]>> = {
    Ingress: (spec.ingress ?? []).map(({ from = [], ports = [] }) => ({ direction: "Ingress", peers: from, ports })),
    Egress: (spec.egress ?? []).map(({ to = [], ports = [] }) => ({ direction: "Egress", peers: to, ports })),
  };
  return directionsOf(spec)
    .filter((direction) => wanted.includes(direction))
    .flatMap((direction) => rules[direction]);
}

/** How messages call the ports of a rule. */
export function portsText(ports: readonly NetworkPolicyPort[]): string {
  if (ports.length === 0) return "every port";
  return ports
    .map(({ port, endPort, protocol = "TCP" }) => {
      if (port === undefined) return `every ${protocol} port`;
      return `port ${port}${endPort === undefined ? "" : `-${endPort}`}`;
    })
    .join(", ");
}
