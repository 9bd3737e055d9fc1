/** Names that the parts of change capture agree on. Pure. */

/** Names of the objects. Pods are `kafka-connect-0`…; the first is also the principal at Kafka, and the group of the workers. */
export const objects = {
  worker: "kafka-connect",
  connectors: "kafka-connectors",
} as const;

/** Ports: the workers' REST API, metrics, and what watches connectors beside each worker. */
export const ports = { rest: 8083, metrics: 9404, connectors: 9406 } as const;

/** Folders in the pods. Debezium's own image has Kafka in `/kafka`. */
export const paths = {
  configuration: "/etc/roost",
  tls: "/tls",
  kafka: "/account",
  database: "/database",
  authority: "/authority",
  connectors: "/connectors",
  work: "/tmp",
} as const;

/** Topics in which workers keep what they share, each with a suffix of the group's name. */
export const sharedTopics = {
  configs: `${objects.worker}.configs`,
  offsets: `${objects.worker}.offsets`,
  status: `${objects.worker}.status`,
} as const;

/** Beginning of the topic by which Debezium tells that it lives: `heartbeat.<prefix>`. */
export const heartbeatPrefix = "heartbeat";

/** Topic that the rows of a table are written to, as Debezium calls it. @param prefix of the connector's topics */
export function topicOf(prefix: string, { schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${prefix}.${schema}.${name}`;
}
