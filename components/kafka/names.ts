/** Names that the parts of Kafka agree on. Pure. */

/** Names of the objects. Pods are `kafka-0`…, and `kafka-controller-0`… where the quorum is apart. */
export const objects = {
  broker: "kafka",
  controller: "kafka-controller",
  topics: "kafka-topics",
  clusterId: "kafka-cluster-id",
} as const;

/** Ports: clients, brokers among themselves, the quorum, metrics, and the guard of a broker. */
export const ports = { client: 9093, broker: 9094, controller: 9095, metrics: 9404, guard: 9405 } as const;

/** Folders and files in the pods. */
export const paths = {
  libraries: "/opt/kafka/libs",
  configuration: "/etc/roost",
  tls: "/tls",
  cluster: "/cluster",
  data: "/var/lib/kafka",
  work: "/tmp",
} as const;

/** Principals that no rule limits: the nodes themselves, and who brings topics and rules to what is declared. */
export const superUsers = { node: "kafka", topics: "kafka-topics" } as const;

/** Common name of the certificate by which a principal is known: no other part of the environment issues such names. */
export function commonNameOf(principal: string): string {
  return `${principal}.kafka`;
}

/** Host name of a node, by the name of its StatefulSet. */
export function nodeHost(workload: string, namespace: string, ordinal: number): string {
  return `${workload}-${ordinal}.${workload}.${namespace}.svc`;
}

/** Id of a node in the cluster: what differs between brokers and a quorum apart. */
export function nodeId(role: NodeRole, ordinal: number): number {
  return (role === "controller" ? controllerIds : 0) + ordinal;
}

/** First id of a quorum that is apart: there are never so many brokers. */
export const controllerIds = 1000;

/** What a node does: `combined` is both, for one node alone. */
export type NodeRole = "broker" | "controller" | "combined";

/**
 * The cluster's id of a random text in URL-safe Base64. Kafka makes none that begins with a hyphen, since its tools would take it
 * for an option.
 */
export function clusterIdOf(base64Url: string): string {
  return base64Url.replace(/^-/, "A");
}
