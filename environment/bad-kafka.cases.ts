/** Hostile settings of Kafka, for the same tests as the others. */
import type { BadSetting } from "./bad-settings.cases.ts";

const kafka = (settings: object) => ({ "roost:kafka": JSON.stringify({ kind: "embedded", ...settings }) });
const pods = { namespace: "siem", podLabels: { app: "siem" } };
const topics = { "im.events": {} };
const bulk = (settings: object) => kafka({ bulk: { kind: "on", ...settings } });

export const badKafka: readonly BadSetting[] = [
  {
    title: "a user of Kafka in the environment's own namespace",
    config: kafka({ topics, users: { siem: { read: ["im.events"], namespace: "roost", podLabels: { app: "siem" } } } }),
    path: "kafka.users.siem.namespace",
    given: '"roost"',
    remedy: "a namespace of its own",
  },
  {
    title: "Kafka of a kind that is none",
    config: { "roost:kafka": '{"kind":"zookeeper"}' },
    path: "kafka.kind",
    given: '"zookeeper"',
    remedy: 'write "off", or another of these',
  },
  {
    title: "two brokers",
    config: { ...kafka({ brokers: 2 }), "roost:availability": "ha" },
    path: "kafka.brokers",
    given: "2",
    remedy: "write 3 or more",
  },
  {
    title: "several brokers where one of everything runs",
    config: kafka({ brokers: 3 }),
    path: "kafka.brokers",
    given: "3",
    remedy: 'set roost:availability to "ha"',
  },
  {
    title: "a topic of no partitions",
    config: kafka({ topics: { "im.events": { partitions: 0 } } }),
    path: "kafka.topics.im.events.partitions",
    given: "0",
    remedy: "write 1 or more",
  },
  {
    title: "a topic that may lose what it has acknowledged",
    config: kafka({ topics: { "im.events": { configuration: { "unclean.leader.election.enable": true } } } }),
    path: "kafka.topics.im.events.configuration.unclean.leader.election.enable",
    given: '"true"',
    remedy: "remove it",
  },
  {
    title: "a topic that is wanted and removed",
    config: kafka({ topics, removedTopics: ["im.events"] }),
    path: "kafka.removedTopics",
    given: '"im.events"',
    remedy: "take im.events out of one of them",
  },
  {
    title: "a user of a topic that nobody declared",
    config: kafka({ topics, users: { siem: { read: ["im.event"], ...pods } } }),
    path: "kafka.users.siem.read",
    given: '"im.event"',
    remedy: "add im.event to roost:kafka.topics",
  },
  {
    title: "a user with the name of those whom nothing limits",
    config: kafka({ topics, users: { kafka: { read: ["im.events"], ...pods } } }),
    path: "kafka.users",
    given: '"kafka"',
    remedy: "take another name",
  },
  {
    title: "a user that may be any pod",
    config: kafka({ topics, users: { siem: { read: ["im.events"], namespace: "siem", podLabels: {} } } }),
    path: "kafka.users.siem.podLabels",
    remedy: 'write, for example, {"app":"siem"}',
  },
  {
    title: "a reader of what is not captured",
    config: kafka({ users: { siem: { read: ["synapse.public.event_json"], ...pods } } }),
    path: "kafka.users.siem.read",
    given: '"synapse.public.event_json"',
    remedy: 'set roost:kafka.changeCapture.kind to "on"',
  },
  {
    title: "somebody who writes what was never said",
    config: kafka({
      changeCapture: { kind: "on" },
      users: { siem: { write: ["synapse.public.event_json"], ...pods } },
    }),
    path: "kafka.users.siem.write",
    given: '"synapse.public.event_json"',
    remedy: "remove it",
  },
  {
    title: "a topic with the name of what is captured",
    config: kafka({ topics: { "synapse.public.event_json": {} } }),
    path: "kafka.topics",
    given: '"synapse.public.event_json"',
    remedy: "take another name",
  },
  {
    title: "capture of no kind",
    config: kafka({ changeCapture: { kind: "always" } }),
    path: "kafka.changeCapture.kind",
    given: '"always"',
    remedy: 'write "off", or another of these',
  },
  {
    title: "capture with too little memory",
    config: kafka({ changeCapture: { kind: "on", memoryMiB: 256 } }),
    path: "kafka.changeCapture.memoryMiB",
    given: "256",
    remedy: "write 512 or more",
  },
  {
    title: "a topic with the name of the events, where these are captured",
    config: kafka({ topics, changeCapture: { kind: "on" } }),
    path: "kafka.topics",
    given: '"im.events"',
    remedy: "take another name",
  },
  {
    title: "bursts of nobody",
    config: bulk({ senders: {} }),
    path: "kafka.bulk.senders",
    remedy: 'write, for example, {"alerts":',
  },
  {
    title: "bursts at no pace",
    config: bulk({ messagesPerSecond: 0, senders: { alerts: pods } }),
    path: "kafka.bulk.messagesPerSecond",
    given: "0",
    remedy: "write 0.1 or more",
  },
  {
    title: "a sender that may be any pod",
    config: bulk({ senders: { alerts: { namespace: "siem", podLabels: {} } } }),
    path: "kafka.bulk.senders.alerts.podLabels",
    remedy: 'write, for example, {"app":"siem"}',
  },
  {
    title: "a sender in the environment's own namespace",
    config: bulk({ senders: { alerts: { namespace: "roost", podLabels: { app: "alerts" } } } }),
    path: "kafka.bulk.senders.alerts.namespace",
    given: '"roost"',
    remedy: "a namespace of its own",
  },
  {
    title: "a sender with the name of what was put aside",
    config: bulk({ senders: { "dead-letter": pods } }),
    path: "kafka.bulk.senders",
    given: '"dead-letter"',
    remedy: "take another name",
  },
  {
    title: "a user of Kafka with the name of a sender",
    config: kafka({ topics, users: { "bulk-alerts": { read: ["im.events"], ...pods } } }),
    path: "kafka.users",
    given: '"bulk-alerts"',
    remedy: "take another name",
  },
  {
    title: "a user who writes in a sender's name",
    config: kafka({
      bulk: { kind: "on", senders: { alerts: pods } },
      users: { siem: { write: ["im.bulk.alerts"], ...pods } },
    }),
    path: "kafka.users.siem.write",
    given: '"im.bulk.alerts"',
    remedy: "remove it",
  },
];
