import type { Problem } from "../messages/problems.ts";
import type { EmbeddedKafkaSettings } from "../settings/kafka.ts";
import { rule, when } from "./rule.ts";

/** Topics' configuration that the stack decides, and why. */
const decided: Readonly<Record<string, string>> = {
  "min.insync.replicas": "it follows from the availability",
  "unclean.leader.election.enable": "it would lose records that were acknowledged",
  "retention.ms": "write `retentionHours`",
};

export const kafkaRules = [
  rule(["kafka", "availability"], ({ kafka, availability }) => {
    if (kafka.kind === "off") return [];
    return [
      ...when(
        availability === "single" && kafka.brokers !== undefined,
        "kafka.brokers",
        kafka.brokers,
        'nothing in availability "single", which has one',
        'leave it out, or set roost:availability to "ha"',
      ),
      ...topicProblems(kafka),
      ...userProblems(kafka),
      ...senderProblems(kafka),
    ];
  }),

  rule(["kafka", "namespace"], ({ kafka, namespace }) =>
    kafka.kind === "off"
      ? []
      : [
          ...Object.entries(kafka.users).map(([name, user]) => [`kafka.users.${name}`, user] as const),
          ...Object.entries(sendersOf(kafka)).map(([name, sender]) => [`kafka.bulk.senders.${name}`, sender] as const),
        ].flatMap(([path, program]) =>
          when(
            program.namespace === namespace,
            `${path}.namespace`,
            program.namespace,
            "another namespace than the environment's, in which nothing runs but what the stack makes",
            "give the program a namespace of its own",
          ),
        ),
  ),

  rule(["kafka", "cluster", "servers"], ({ kafka, cluster, servers }) =>
    when(
      kafka.kind === "embedded" &&
        kafka.storageClass === undefined &&
        cluster.kind === "kubeconfig" &&
        cluster.storageClass === undefined &&
        Object.keys(servers.machines).length > 0,
      "kafka.storageClass",
      undefined,
      "the name of a storage class: the machines' own volumes are PostgreSQL's and the media's",
      "write one, or set roost:cluster.storageClass",
    ),
  ),
];

/** Topics that change capture writes to: of the tables with the events of Synapse, and of the events that are made of them. */
const capturedTopics: readonly string[] = [
  "synapse.public.events",
  "synapse.public.event_json",
  "im.events",
  "im.events.dead-letter",
];

/** Beginnings of the names of topics that the stack declares itself. */
const own = /^(synapse\.public\.|heartbeat\.|kafka-connect\.|im\.bulk\.)/;

/** Topic of messages of senders that were put aside. */
const bulkDeadLetters = "im.bulk.dead-letter";

function sendersOf({ bulk }: EmbeddedKafkaSettings) {
  return bulk.kind === "on" ? bulk.senders : {};
}

function senderProblems(kafka: EmbeddedKafkaSettings): Problem[] {
  return Object.keys(sendersOf(kafka)).flatMap((name) =>
    when(
      `im.bulk.${name}` === bulkDeadLetters,
      "kafka.bulk.senders",
      name,
      "names other than that of the topic for what was put aside",
      "take another name",
    ),
  );
}

function topicProblems({ topics, removedTopics, changeCapture }: EmbeddedKafkaSettings): Problem[] {
  const taken = changeCapture.kind === "on" ? capturedTopics : [];
  return [
    ...Object.keys(topics).flatMap((name) =>
      when(
        own.test(name) || taken.includes(name),
        "kafka.topics",
        name,
        "names other than those of change capture and of bursts",
        "take another name",
      ),
    ),
    ...removedTopics.flatMap((name) =>
      when(
        topics[name] !== undefined,
        "kafka.removedTopics",
        name,
        "topics that `topics` does not name",
        `take ${name} out of one of them`,
      ),
    ),
    ...Object.entries(topics).flatMap(([name, { configuration }]) =>
      Object.entries(configuration).flatMap(([key, value]) =>
        when(
          decided[key] !== undefined,
          `kafka.topics.${name}.configuration.${key}`,
          value,
          `configuration other than this: ${decided[key]}`,
          "remove it",
        ),
      ),
    ),
  ];
}

function userProblems({ topics, users, changeCapture, bulk }: EmbeddedKafkaSettings): Problem[] {
  const captured = [
    ...(changeCapture.kind === "on" ? capturedTopics : []),
    ...(bulk.kind === "on" ? [bulkDeadLetters] : []),
  ];
  return Object.entries(users).flatMap(([name, { read, write }]) => [
    ...when(
      reserved.has(name) || name.startsWith("bulk-"),
      "kafka.users",
      name,
      "names other than Kafka's own",
      "take another name",
    ),
    ...(
      [
        ["read", read],
        ["write", write],
      ] as const
    ).flatMap(([access, names]) =>
      names
        .filter((topic) => topics[topic] === undefined && !(access === "read" && captured.includes(topic)))
        .flatMap((topic) =>
          when(
            true,
            `kafka.users.${name}.${access}`,
            topic,
            access === "read"
              ? "topics that `topics` names, that change capture writes, or `im.bulk.dead-letter` with bursts"
              : "topics that `topics` names: none but change capture writes what was captured",
            remedyFor(topic, access),
          ),
        ),
    ),
  ]);
}

/** What helps who names a topic that there is not, or that is not for it. */
function remedyFor(topic: string, access: "read" | "write"): string {
  if (access === "read" && topic === bulkDeadLetters)
    return 'set roost:kafka.bulk.kind to "on" to read it, or remove it';
  if (topic.startsWith("im.bulk."))
    return "remove it: a sender of roost:kafka.bulk alone writes to its topic, and none reads it";
  if (!capturedTopics.includes(topic)) return `add ${topic} to roost:kafka.topics, or remove it`;
  return access === "read" ? 'set roost:kafka.changeCapture.kind to "on" to read it, or remove it' : "remove it";
}

/** Principals that nothing limits, and names of workloads that have a user of their own. */
const reserved: ReadonlySet<string> = new Set([
  "kafka",
  "kafka-topics",
  "kafka-controller",
  "kafka-connect",
  "im-events",
  "im-bulk",
]);
