/** Pure: the files that a worker of Kafka Connect reads. */
import { properties } from "../properties.ts";
import { objects, paths, ports, sharedTopics } from "./names.ts";

export interface WorkerArgs {
  readonly bootstrapServers: readonly string[];
  /** Copies of each partition of the workers' own topics. */
  readonly replicas: number;
}

/** Key store and trust store of the REST API, which Java wants in files of its own; the start script makes them. */
export const stores = { key: `${paths.work}/key.p12`, trust: `${paths.work}/trust.p12` } as const;

/** How a worker and what runs in it reach Kafka: with the worker's certificate as the account. */
const security = {
  "security.protocol": "SSL",
  "ssl.enabled.protocols": "TLSv1.3",
  "ssl.endpoint.identification.algorithm": "https",
  "ssl.keystore.type": "PEM",
  "ssl.keystore.location": `${paths.kafka}/keystore.pem`,
  "ssl.truststore.type": "PEM",
  "ssl.truststore.location": `${paths.kafka}/ca.crt`,
};

/**
 * `worker.properties` without what differs from pod to pod, which the start script adds.
 *
 * @source https://kafka.apache.org/43/configuration/kafka-connect-configs/
 */
export function workerProperties({ bootstrapServers, replicas }: WorkerArgs): string {
  return properties({
    "bootstrap.servers": bootstrapServers.join(","),
    "group.id": objects.worker,
    ...security,
    // Producers of connectors take nothing from the worker's own settings.
    ...prefixed("producer.", {
      ...security,
      // A record is written before the next one is, so that a failed attempt changes no order; and once only.
      "enable.idempotence": true,
      "max.in.flight.requests.per.connection": 1,
      // Every client can read it without a library of its own.
      "compression.type": "gzip",
    }),
    // A connector's configuration must not lead its clients elsewhere, nor to another account.
    "connector.client.config.override.policy": "None",
    "config.storage.topic": sharedTopics.configs,
    "offset.storage.topic": sharedTopics.offsets,
    "status.storage.topic": sharedTopics.status,
    "config.storage.replication.factor": replicas,
    "offset.storage.replication.factor": replicas,
    "status.storage.replication.factor": replicas,
    // Topics are the stack's.
    "topic.creation.enable": false,
    "key.converter": "org.apache.kafka.connect.json.JsonConverter",
    "key.converter.schemas.enable": false,
    "value.converter": "org.apache.kafka.connect.json.JsonConverter",
    "value.converter.schemas.enable": false,
    // What is written again after a crash is what came since the last time: ten seconds, not Kafka's sixty.
    "offset.flush.interval.ms": 10_000,
    // A worker that is gone leaves its connector to another one at once, not after Kafka's five minutes.
    "scheduled.rebalance.max.delay.ms": 5000,
    "plugin.discovery": "service_load",
    "config.providers": "directory",
    "config.providers.directory.class": "org.apache.kafka.common.config.provider.DirectoryConfigProvider",
    "config.providers.directory.param.allowed.paths": paths.database,
    listeners: `https://:${ports.rest}`,
    "rest.advertised.listener": "https",
    "rest.advertised.port": ports.rest,
    ...prefixed("listeners.https.", {
      "ssl.client.auth": "required",
      "ssl.enabled.protocols": "TLSv1.3",
      "ssl.endpoint.identification.algorithm": "https",
      "ssl.keystore.type": "PKCS12",
      "ssl.keystore.location": stores.key,
      "ssl.truststore.type": "PKCS12",
      "ssl.truststore.location": stores.trust,
    }),
  });
}

function prefixed<Value>(prefix: string, values: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
}

/**
 * What rules and dashboards ask for.
 *
 * @source https://kafka.apache.org/43/operations/monitoring/
 * @source https://debezium.io/documentation/reference/3.6/connectors/postgresql.html#postgresql-monitoring
 */
export const metricsRules = `includeObjectNames:
  - kafka.connect:type=connect-worker-metrics
  - kafka.connect:type=connect-worker-rebalance-metrics
  - kafka.connect:type=source-task-metrics,*
  - kafka.connect:type=task-error-metrics,*
  - debezium.postgres:type=connector-metrics,*
rules:
  - pattern: 'kafka.connect<type=connect-worker-metrics><>(connector-count|task-count):'
    name: kafka_connect_worker_$1
    type: GAUGE
  - pattern: 'kafka.connect<type=connect-worker-metrics><>(connector-startup-failure|task-startup-failure)-total:'
    name: kafka_connect_worker_$1_total
    type: COUNTER
  - pattern: 'kafka.connect<type=connect-worker-rebalance-metrics><>completed-rebalances-total:'
    name: kafka_connect_worker_rebalances_total
    type: COUNTER
  - pattern: 'kafka.connect<type=source-task-metrics, connector=(.+), task=(.+)><>(source-record-poll|source-record-write)-total:'
    name: kafka_connect_$3_total
    type: COUNTER
    labels: { connector: "$1", task: "$2" }
  - pattern: 'kafka.connect<type=source-task-metrics, connector=(.+), task=(.+)><>source-record-active-count:'
    name: kafka_connect_source_record_active_count
    type: GAUGE
    labels: { connector: "$1", task: "$2" }
  - pattern: 'kafka.connect<type=task-error-metrics, connector=(.+), task=(.+)><>total-(record-failures|record-errors|retries):'
    name: kafka_connect_task_$3_total
    type: COUNTER
    labels: { connector: "$1", task: "$2" }
  - pattern: 'debezium.postgres<type=connector-metrics, context=streaming, server=(.+)><>(Connected|MilliSecondsBehindSource|QueueRemainingCapacity):'
    name: debezium_$2
    type: GAUGE
    labels: { server: "$1" }
  - pattern: 'debezium.postgres<type=connector-metrics, context=streaming, server=(.+)><>(TotalNumberOfEventsSeen|NumberOfErroneousEvents):'
    name: debezium_$2_total
    type: COUNTER
    labels: { server: "$1" }
  - pattern: 'debezium.postgres<type=connector-metrics, context=snapshot, server=(.+)><>(SnapshotRunning|SnapshotCompleted|SnapshotDurationInSeconds|RemainingTableCount):'
    name: debezium_$2
    type: GAUGE
    labels: { server: "$1" }
`;
