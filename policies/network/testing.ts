import type { LabelSelector, NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec } from "../pack/kubernetes.ts";
import type { KubernetesResource } from "../pack/resource.ts";
import { object } from "../pack/testing.ts";

/** A NetworkPolicy in the namespace `chat`. */
export function policy(
  spec: NetworkPolicySpec,
  { name = "policy", namespace = "chat" } = {},
): KubernetesResource<"NetworkPolicy"> {
  return object("NetworkPolicy", { metadata: { name, namespace }, spec });
}

/** A selector of the pods of an app. */
export function app(name: string): LabelSelector {
  return { matchLabels: { app: name } };
}

/** The pods of an app in a namespace. */
export function pods(name: string, namespace = "chat"): NetworkPolicyPeer {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } }, podSelector: app(name) };
}

/** Lets the senders reach the pods of an app. */
export function ingress(
  to: LabelSelector,
  from: readonly NetworkPolicyPeer[],
  ports: readonly NetworkPolicyPort[] = [{ port: 443, protocol: "TCP" }],
  name = "ingress",
) {
  return policy({ podSelector: to, policyTypes: ["Ingress"], ingress: [{ from, ports }] }, { name });
}

/** Lets the pods of an app reach the receivers. */
export function egress(
  from: LabelSelector,
  to: readonly NetworkPolicyPeer[],
  ports: readonly NetworkPolicyPort[] = [{ port: 443, protocol: "TCP" }],
  name = "egress",
) {
  return policy({ podSelector: from, policyTypes: ["Egress"], egress: [{ to, ports }] }, { name });
}
