import type { PostgresClusterSpec } from "../pack/kubernetes.ts";
import type { KubernetesResource } from "../pack/resource.ts";
import { object } from "../pack/testing.ts";

/** A cluster in the namespace `chat`. */
export function cluster(spec: PostgresClusterSpec): KubernetesResource<"Cluster"> {
  return object("Cluster", { metadata: { name: "pg", namespace: "chat" }, spec });
}

/** What a namespace is meant to be. */
export function namespace(availability: "ha" | "single", protection = "production"): KubernetesResource<"Namespace"> {
  const labels = { "roost/availability": availability, "roost/protection": protection };
  return object("Namespace", { metadata: { name: "chat", labels } });
}

/** A cluster that is meant to survive the loss of a node. */
export function highlyAvailable(spec: PostgresClusterSpec, protection?: string) {
  return [namespace("ha", protection), cluster(spec)];
}
