import { type AlertGroup, type AlertRule, alertsOf } from "./rule.ts";

const { ticket } = alertsOf("kafka");

/** Nodes of the quorum: where it is apart they are a job of their own. */
const QUORUM = 'job=~"kafka|kafka-controller"';

/**
 * Alerts about Kafka. None is a page: Kafka is in no message's way, and what was not written yet waits where it comes from.
 *
 * @param ha whether there are several brokers
 */
export function kafkaAlerts({ ha }: { readonly ha: boolean }): AlertGroup {
  return { name: "kafka", rules: [...always, ...(ha ? withCopies : [])] };
}

const always: readonly AlertRule[] = [
  ticket("KafkaUnavailable", '(count(up{job="kafka"} == 1) or vector(0)) == 0', {
    for: "5m",
    summary: "No broker of Kafka answers",
    description: "People chat; events wait where they come from. The pods' events and logs say why.",
  }),
  ticket("KafkaNoController", `(sum(kafka_controller_activecontrollercount{${QUORUM}}) or vector(0)) < 1`, {
    for: "5m",
    summary: "Kafka has no controller",
    description: "No partition gets another leader, and nothing can be changed: most of the quorum must be there.",
  }),
  ticket("KafkaPartitionsOffline", `max(kafka_controller_offlinepartitionscount{${QUORUM}}) > 0`, {
    for: "2m",
    summary: "{{ $value }} partitions of Kafka have no leader",
    description: "They can be neither read nor written until a broker with an in-sync copy is back.",
  }),
];

const withCopies: readonly AlertRule[] = [
  ticket("KafkaBrokerMissing", `max(kafka_controller_fencedbrokercount{${QUORUM}}) > 0`, {
    for: "15m",
    summary: "{{ $value }} brokers of Kafka do not take part",
    description: "The others have its partitions. The pod's events and log say why it is not there.",
  }),
  ticket("KafkaPartitionsUnderReplicated", 'sum(kafka_replica_manager_underreplicatedpartitions{job="kafka"}) > 0', {
    for: "15m",
    summary: "{{ $value }} partitions of Kafka lack a copy",
    description: "A broker is gone, or does not keep up: look at its disk and its network.",
  }),
  ticket("KafkaPartitionsAtMinimum", 'sum(kafka_replica_manager_atminisrpartitioncount{job="kafka"}) > 0', {
    for: "15m",
    summary: "{{ $value }} partitions of Kafka have only as many copies as writes need",
    description: "One more broker lost, and nothing can be written to them. Put off maintenance.",
  }),
  ticket("KafkaPartitionsUnderMinimum", 'sum(kafka_replica_manager_underminisrpartitioncount{job="kafka"}) > 0', {
    for: "5m",
    summary: "{{ $value }} partitions of Kafka have fewer copies than writes need",
    description: "Nothing can be written to them: events wait where they come from.",
  }),
];
