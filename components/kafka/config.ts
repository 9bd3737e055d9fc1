/** Pure: the files that a node reads. */
import type { NodeRole } from "./names.ts";
import { controllerIds, nodeHost, objects, paths, ports, superUsers } from "./names.ts";
import type { Properties } from "./properties.ts";
import { properties } from "./properties.ts";

export interface Topology {
  readonly namespace: string;
  readonly brokers: number;
  /** Nodes of a quorum that is apart. 0: the one broker is its own. */
  readonly controllers: number;
}

/** Copies of a partition, and how many must have a record before it is acknowledged. */
export function replication({ brokers }: Pick<Topology, "brokers">): {
  readonly factor: number;
  readonly inSync: number;
} {
  return brokers >= 3 ? { factor: 3, inSync: 2 } : { factor: 1, inSync: 1 };
}

/** Voters of the quorum, by which they find each other for ever: their names stay. */
export function quorumVoters({ namespace, controllers }: Topology): readonly string[] {
  if (controllers === 0) return [`0@${nodeHost(objects.broker, namespace, 0)}:${ports.controller}`];
  return Array.from(
    { length: controllers },
    (_, n) => `${controllerIds + n}@${nodeHost(objects.controller, namespace, n)}:${ports.controller}`,
  );
}

export interface ConfigurationArgs extends Topology {
  readonly role: NodeRole;
  /** Hours for which records are kept where a topic says nothing else. */
  readonly retentionHours: number;
  /** Heap of the virtual machine, in MiB. */
  readonly heapMiB: number;
}

const rolesOf: Readonly<Record<NodeRole, readonly string[]>> = {
  broker: ["broker"],
  controller: ["controller"],
  combined: ["broker", "controller"],
};

const listenersOf: Readonly<Record<NodeRole, readonly (keyof typeof listenerPorts)[]>> = {
  broker: ["CLIENT", "BROKER"],
  controller: ["CONTROLLER"],
  combined: ["CLIENT", "BROKER", "CONTROLLER"],
};

const listenerPorts = { CLIENT: ports.client, BROKER: ports.broker, CONTROLLER: ports.controller } as const;

/**
 * `server.properties` without what differs from node to node, which the start script adds.
 *
 * @source https://kafka.apache.org/43/configuration/broker-configs/
 */
export function serverProperties(args: ConfigurationArgs): string {
  const { factor, inSync } = replication(args);
  const hours = args.retentionHours;
  return properties({
    "process.roles": rolesOf[args.role].join(","),
    "controller.quorum.voters": quorumVoters(args).join(","),
    listeners: listenersOf[args.role].map((name) => `${name}://:${listenerPorts[name]}`).join(","),
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "BROKER",
    "listener.security.protocol.map": "CLIENT:SSL,BROKER:SSL,CONTROLLER:SSL",
    ...security,
    "log.dirs": `${paths.data}/data`,
    "auto.create.topics.enable": false,
    "unclean.leader.election.enable": false,
    "default.replication.factor": factor,
    "min.insync.replicas": inSync,
    "offsets.topic.replication.factor": factor,
    "transaction.state.log.replication.factor": factor,
    "transaction.state.log.min.isr": inSync,
    "share.coordinator.state.topic.replication.factor": factor,
    "share.coordinator.state.topic.min.isr": inSync,
    "controlled.shutdown.enable": true,
    "log.retention.hours": hours,
    // What is older than the retention goes with its whole segment: a topic with little traffic closes one a day, too.
    "log.roll.hours": Math.min(24, hours),
    // Consumers read from a copy in their own rack.
    "replica.selector.class": "org.apache.kafka.common.replica.RackAwareReplicaSelector",
    "compression.type": "producer",
    // What compacts topics takes it at the start: Kafka's own 128 MiB would be all of a small heap.
    "log.cleaner.dedupe.buffer.size": Math.min(128, Math.floor(args.heapMiB / 16)) * 2 ** 20,
  });
}

/** Who is let in, and who may do what: only certificates of the environment's authority, and nothing that no rule allows. */
const security: Properties = {
  "ssl.client.auth": "required",
  "ssl.enabled.protocols": "TLSv1.3",
  "ssl.endpoint.identification.algorithm": "https",
  "ssl.keystore.type": "PEM",
  "ssl.keystore.location": `${paths.tls}/keystore.pem`,
  "ssl.truststore.type": "PEM",
  "ssl.truststore.location": `${paths.tls}/ca.crt`,
  // A certificate of another part has another form of name: its principal stays the whole of it, and no rule is about that.
  "ssl.principal.mapping.rules": `RULE:^CN=([a-z0-9-]+)\\.kafka,.*$/$1/,DEFAULT`,
  "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
  "allow.everyone.if.no.acl.found": false,
  "super.users": Object.values(superUsers)
    .map((name) => `User:${name}`)
    .join(";"),
};

/** What tools take by `--command-config` in a pod, as the node itself. */
export const clientProperties = properties({
  "security.protocol": "SSL",
  ...Object.fromEntries(Object.entries(security).filter(([name]) => /^ssl\.(keystore|truststore|enabled)/.test(name))),
});

/** Log on standard output, one line an event. */
export const logging = properties({
  "rootLogger.level": "INFO",
  "rootLogger.appenderRef.stdout.ref": "stdout",
  "appender.stdout.type": "Console",
  "appender.stdout.name": "stdout",
  "appender.stdout.layout.type": "PatternLayout",
  "appender.stdout.layout.pattern": "%d{ISO8601}{UTC} %p %m (%c{1})%n",
  // Who was refused what.
  "logger.authorizer.name": "kafka.authorizer.logger",
  "logger.authorizer.level": "INFO",
  // What it is set to is in the ConfigMap; each of dozens of lists would be hundreds of lines.
  "logger.values.name": "org.apache.kafka.common.config.AbstractConfig",
  "logger.values.level": "WARN",
});

/**
 * Of the thousands of values of a node, those that rules and dashboards ask for. The password is the start script's, made at each
 * start.
 *
 * @source https://kafka.apache.org/43/operations/monitoring/
 */
export const metricsRules = `includeObjectNames:
  - kafka.server:type=ReplicaManager,*
  - kafka.server:type=KafkaRequestHandlerPool,name=RequestHandlerAvgIdlePercent
  - kafka.server:type=BrokerTopicMetrics,*
  - kafka.server:type=raft-metrics
  - kafka.server:type=broker-metadata-metrics
  - kafka.server:type=socket-server-metrics,listener=*,networkProcessor=*
  - kafka.controller:type=KafkaController,*
  - kafka.controller:type=ControllerStats,name=UncleanLeaderElectionsPerSec
  - kafka.log:type=Log,name=Size,*
  - kafka.network:type=RequestMetrics,name=TotalTimeMs,request=*
  - kafka.network:type=RequestMetrics,name=ErrorsPerSec,*
excludeObjectNames:
  - kafka.server:type=BrokerTopicMetrics,name=RemoteFetch*,*
rules:
  - pattern: kafka.server<type=BrokerTopicMetrics, name=(MessagesIn|BytesIn|BytesOut|FailedProduceRequests|FailedFetchRequests)PerSec, topic=(.+)><>Count
    name: kafka_topic_$1_total
    type: COUNTER
    labels: { topic: "$2" }
  - pattern: kafka.server<type=ReplicaManager, name=(IsrShrinks|IsrExpands)PerSec><>Count
    name: kafka_replica_manager_$1_total
    type: COUNTER
  - pattern: kafka.server<type=ReplicaManager, name=(UnderReplicatedPartitions|UnderMinIsrPartitionCount|AtMinIsrPartitionCount|OfflineReplicaCount|PartitionCount|LeaderCount)><>Value
    name: kafka_replica_manager_$1
    type: GAUGE
  - pattern: kafka.server<type=KafkaRequestHandlerPool, name=RequestHandlerAvgIdlePercent><>OneMinuteRate
    name: kafka_request_handlers_idle_ratio
    type: GAUGE
  - pattern: kafka.controller<type=KafkaController, name=(ActiveControllerCount|OfflinePartitionsCount|FencedBrokerCount|ActiveBrokerCount|GlobalTopicCount|GlobalPartitionCount)><>Value
    name: kafka_controller_$1
    type: GAUGE
  - pattern: kafka.controller<type=ControllerStats, name=UncleanLeaderElectionsPerSec><>Count
    name: kafka_controller_unclean_leader_elections_total
    type: COUNTER
  - pattern: kafka.log<type=Log, name=Size, topic=(.+), partition=(.+)><>Value
    name: kafka_log_size_bytes
    type: GAUGE
    labels: { topic: "$1", partition: "$2" }
  - pattern: kafka.network<type=RequestMetrics, name=TotalTimeMs, request=(Produce|FetchConsumer|FetchFollower)><>(99thPercentile|Mean)
    name: kafka_request_total_time_milliseconds
    type: GAUGE
    labels: { request: "$1", statistic: "$2" }
  - pattern: kafka.network<type=RequestMetrics, name=ErrorsPerSec, request=(.+), error=(.+)><>Count
    name: kafka_request_errors_total
    type: COUNTER
    labels: { request: "$1", error: "$2" }
  - pattern: kafka.server<type=raft-metrics><>(current-leader|current-epoch|high-watermark|log-end-offset)
    name: kafka_raft_$1
    type: GAUGE
  - pattern: kafka.server<type=broker-metadata-metrics><>(last-applied-record-lag-ms|metadata-load-error-count|metadata-apply-error-count)
    name: kafka_broker_metadata_$1
    type: GAUGE
  - pattern: kafka.server<type=socket-server-metrics, listener=(.+), networkProcessor=(.+)><>connection-count
    name: kafka_socket_connections
    type: GAUGE
    labels: { listener: "$1", processor: "$2" }
  - pattern: kafka.server<type=socket-server-metrics, listener=(.+), networkProcessor=(.+)><>failed-authentication-total
    name: kafka_socket_failed_authentications_total
    type: COUNTER
    labels: { listener: "$1", processor: "$2" }
`;
