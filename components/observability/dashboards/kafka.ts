import { type Dashboard, query, type Row } from "./panel.ts";

const KAFKA = 'job="kafka"';
const QUORUM = 'job=~"kafka|kafka-controller"';

const state: Row = {
  title: "State",
  panels: [
    {
      title: "Controllers that lead",
      description: "One: it says which broker leads which partition.",
      kind: "figure",
      unit: "none",
      queries: [query(`sum(kafka_controller_activecontrollercount{${QUORUM}})`, "controllers")],
      limits: { bad: "below", warn: 1, alarm: 1 },
      width: 4,
    },
    {
      title: "Partitions without a leader",
      description: "None: they can be neither read nor written.",
      kind: "figure",
      unit: "none",
      queries: [query(`max(kafka_controller_offlinepartitionscount{${QUORUM}})`, "partitions")],
      limits: { bad: "above", warn: 1, alarm: 1 },
      width: 4,
    },
    {
      title: "Brokers that do not take part",
      description: "None, but while one restarts.",
      kind: "figure",
      unit: "none",
      queries: [query(`max(kafka_controller_fencedbrokercount{${QUORUM}})`, "brokers")],
      limits: { bad: "above", warn: 1, alarm: 2 },
      width: 4,
    },
    {
      title: "Partitions that lack copies",
      description: "Any copy; as many as writes need, and no more; fewer than that, when nothing is written.",
      unit: "short",
      queries: [
        query(`sum(kafka_replica_manager_underreplicatedpartitions{${KAFKA}})`, "lack one"),
        query(`sum(kafka_replica_manager_atminisrpartitioncount{${KAFKA}})`, "at the minimum"),
        query(`sum(kafka_replica_manager_underminisrpartitioncount{${KAFKA}})`, "under the minimum"),
      ],
    },
  ],
};

const traffic: Row = {
  title: "Events",
  panels: [
    {
      title: "Records written",
      description: "By topic.",
      unit: "ops",
      queries: [query(`sum by (topic) (rate(kafka_topic_messagesin_total{${KAFKA}}[$__rate_interval]))`, "{{topic}}")],
    },
    {
      title: "Bytes written and read",
      description: "By clients, without what brokers copy from each other.",
      unit: "Bps",
      queries: [
        query(`sum(rate(kafka_topic_bytesin_total{${KAFKA}}[$__rate_interval]))`, "written"),
        query(`sum(rate(kafka_topic_bytesout_total{${KAFKA}}[$__rate_interval]))`, "read"),
      ],
    },
    {
      title: "Size of topics",
      description: "All copies. It stays when as much is written as goes by its age.",
      unit: "bytes",
      queries: [query(`sum by (topic) (kafka_log_size_bytes{${KAFKA}})`, "{{topic}}")],
    },
    {
      title: "Time of a request",
      description: "The slowest in a hundred. Consumers that wait for records are slow on purpose.",
      unit: "s",
      queries: [
        query(
          `max by (request) (kafka_request_total_time_milliseconds{${KAFKA}, statistic="99thPercentile"}) / 1000`,
          "{{request}}",
        ),
      ],
    },
  ],
};

const nodes: Row = {
  title: "Nodes",
  panels: [
    {
      title: "Heap",
      description: "Used. It falls with each collection; what matters is where it falls to.",
      unit: "bytes",
      queries: [query(`sum by (pod) (jvm_memory_used_bytes{${QUORUM}, area="heap"})`, "{{pod}}")],
    },
    {
      title: "Idle request handlers",
      description: "Below a third a broker is at its limit.",
      unit: "percentunit",
      queries: [query(`min by (pod) (kafka_request_handlers_idle_ratio{${KAFKA}})`, "{{pod}}")],
      range: { min: 0, max: 1 },
    },
    {
      title: "Connections",
      description: "By listener.",
      unit: "short",
      queries: [query(`sum by (listener) (kafka_socket_connections{${KAFKA}})`, "{{listener}}")],
    },
    {
      title: "Refused certificates",
      description: "None: a program with a wrong or an old certificate tries again and again.",
      unit: "ops",
      queries: [
        query(
          `sum by (listener) (rate(kafka_socket_failed_authentications_total{${KAFKA}}[$__rate_interval]))`,
          "{{listener}}",
        ),
      ],
    },
  ],
};

const capture: Row = {
  title: "Change capture",
  panels: [
    {
      width: 8,
      title: "Tasks that run",
      description: "One: it reads the database's log.",
      kind: "figure",
      unit: "none",
      queries: [query('max by (connector) (kafka_connectors_tasks_running{job="kafka-connectors"})', "{{connector}}")],
      limits: { bad: "below", warn: 1, alarm: 1 },
    },
    {
      width: 8,
      title: "Behind the database",
      description: "How old what was captured last was, when it was read.",
      unit: "s",
      queries: [query('max by (server) (debezium_millisecondsbehindsource{job="kafka-connect"}) / 1000', "{{server}}")],
    },
    {
      width: 8,
      title: "WAL that the slot keeps",
      description: "What was not captured yet. Beyond `max_slot_wal_keep_size` the slot is lost.",
      unit: "bytes",
      queries: [
        query(
          'max by (slot_name) (cnpg_pg_replication_slots_pg_wal_lsn_diff{job="postgres", slot_type="logical"})',
          "{{slot_name}}",
        ),
      ],
    },
    {
      width: 8,
      title: "Rows captured",
      description: "Heartbeats among them.",
      unit: "ops",
      queries: [
        query(
          'sum by (connector) (rate(kafka_connect_source_record_write_total{job="kafka-connect"}[$__rate_interval]))',
          "{{connector}}",
        ),
      ],
    },
    {
      width: 8,
      title: "Events",
      description: "Made of rows of the homeserver, by kind.",
      unit: "ops",
      queries: [query('sum by (kind) (rate(im_events_total{job="im-events"}[$__rate_interval]))', "{{kind}}")],
    },
    {
      width: 8,
      title: "Age of events",
      description: "How old the event was, when it was written, that was written last.",
      unit: "s",
      queries: [query('max by (pod) (im_events_lag_seconds{job="im-events"})', "{{pod}}")],
    },
    {
      width: 8,
      title: "Put aside",
      description: "Rows that are no events: in the topic im.events.dead-letter, with the reason.",
      unit: "short",
      queries: [query('sum(increase(im_events_dead_letters_total{job="im-events"}[$__rate_interval]))', "rows")],
      limits: { bad: "above", warn: 1, alarm: 1 },
    },
    {
      width: 8,
      title: "What was put right",
      description: "Restarts of what has failed, and configurations that somebody had changed.",
      unit: "short",
      queries: [
        query(
          'sum by (kind) (increase(kafka_connectors_actions_total{job="kafka-connectors"}[$__rate_interval]))',
          "{{kind}}",
        ),
      ],
    },
    {
      width: 8,
      title: "Heap of workers",
      description: "Used. It falls with each collection; what matters is where it falls to.",
      unit: "bytes",
      queries: [query('sum by (pod) (jvm_memory_used_bytes{job="kafka-connect", area="heap"})', "{{pod}}")],
    },
  ],
};

const bursts: Row = {
  title: "Bursts",
  panels: [
    {
      width: 8,
      title: "Messages that wait",
      description: "In Kafka, by sender, until the homeserver can take them.",
      unit: "short",
      queries: [query('max by (sender) (im_bulk_waiting{job="im-bulk"})', "{{sender}}")],
    },
    {
      width: 8,
      title: "Messages brought into rooms",
      description: "By sender; and as many as the homeserver is given at most, now.",
      unit: "ops",
      queries: [
        query('sum by (sender) (rate(im_bulk_sent_total{job="im-bulk"}[$__rate_interval]))', "{{sender}}"),
        query('max(im_bulk_pace{job="im-bulk"})', "pace"),
      ],
    },
    {
      width: 8,
      title: "Messages put aside",
      description:
        "They are none, or the homeserver takes them never. They are in im.bulk.dead-letter, with the reason.",
      unit: "short",
      queries: [
        query('sum by (sender) (increase(im_bulk_refused_total{job="im-bulk"}[$__rate_interval]))', "{{sender}}"),
      ],
    },
  ],
};

/** @param facts whether what people write is captured, and whether programs write into rooms */
export function kafkaDashboard(facts: { readonly capture: boolean; readonly bulk: boolean }): Dashboard {
  return {
    part: "kafka",
    title: "Kafka",
    description: "Whether events are written, copied and read.",
    rows: [state, traffic, nodes, ...(facts.capture ? [capture] : []), ...(facts.bulk ? [bursts] : [])],
  };
}
