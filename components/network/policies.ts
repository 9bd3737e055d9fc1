import type { types } from "@pulumi/kubernetes";
import type { End, Peer } from "./peer.ts";
import { isNetwork } from "./peer.ts";

type PolicySpec = types.input.networking.v1.NetworkPolicySpec;
type PolicyPeer = types.input.networking.v1.NetworkPolicyPeer;

/** Transport protocols that a NetworkPolicy can name. */
export type Protocol = "TCP" | "UDP";

/** One NetworkPolicy: where it lies, what it is called, what it says. */
export interface Policy {
  readonly name: string;
  readonly namespace: string;
  readonly spec: PolicySpec;
}

/** How the pods of the cluster resolve names. */
export interface ClusterDns {
  readonly namespace: string;
  readonly podLabels: Readonly<Record<string, string>>;
  /** The port on the DNS pods, which is what a policy sees after the Service's translation. */
  readonly port: number;
}

/** Nothing enters, nothing leaves: what every pod of a zone starts from. */
export function defaultDeny(namespace: string): Policy {
  return { name: "default-deny", namespace, spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } };
}

/** Name resolution, the only egress that every pod of a zone has. */
export function allowDns(namespace: string, dns: ClusterDns): Policy {
  const to = [peerSelector({ name: "dns", namespace: dns.namespace, podLabels: dns.podLabels })];
  const ports = (["UDP", "TCP"] as const).map((protocol) => ({ protocol, port: dns.port }));
  return {
    name: "allow-dns",
    namespace,
    spec: { podSelector: {}, policyTypes: ["Egress"], egress: [{ to, ports }] },
  };
}

/** What the client needs to reach the server on that port. */
export function egressRule(client: Peer, server: End, port: number, protocol: Protocol): Policy {
  return {
    name: `${client.name}-to-${server.name}-${port}`,
    namespace: client.namespace,
    spec: {
      podSelector: { matchLabels: { ...client.podLabels } },
      policyTypes: ["Egress"],
      egress: [{ to: selectors(server), ports: [{ protocol, port }] }],
    },
  };
}

/** What the server needs to be reached by the client on that port. */
export function ingressRule(client: End, server: Peer, port: number, protocol: Protocol): Policy {
  return {
    name: `${server.name}-from-${client.name}-${port}`,
    namespace: server.namespace,
    spec: {
      podSelector: { matchLabels: { ...server.podLabels } },
      policyTypes: ["Ingress"],
      ingress: [{ from: selectors(client), ports: [{ protocol, port }] }],
    },
  };
}

function selectors(end: End): PolicyPeer[] {
  return isNetwork(end) ? end.cidrs.map((cidr) => ({ ipBlock: { cidr } })) : [peerSelector(end)];
}

function peerSelector(peer: Peer): PolicyPeer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": peer.namespace } },
    podSelector: { matchLabels: { ...peer.podLabels } },
  };
}
