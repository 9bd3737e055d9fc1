import { z } from "zod";
import { KAFKA_HARDWARE } from "../sources.ts";
import { DNS_LABEL } from "./names.ts";
import { decimalNumber, list, text, wholeNumber } from "./setting.ts";

const planned = "from the plan (`make plan` shows it)";

/** @source https://github.com/apache/kafka/blob/4.3.1/clients/src/main/java/org/apache/kafka/common/internals/Topic.java */
const TOPIC_NAME = /^(?!\.{1,2}$)[a-z0-9][a-z0-9._-]*$/;

const topicName = (description: string) =>
  text(TOPIC_NAME, {
    description,
    allowed: "lower-case letters, digits, dots, hyphens and underscores, at most 249",
    example: "tickets.opened",
    maxLength: 249,
  });

/** Namespace and labels of a program of somebody else. @param secret that is made there */
const pods = (secret: string) => ({
  namespace: text(DNS_LABEL, {
    description: `Namespace of its pods, which exists already: the Secret \`${secret}\` with its certificate is made there.`,
    allowed: "a name of lower-case letters, digits and hyphens",
    example: "siem",
    maxLength: 63,
  }),
  podLabels: z
    .record(z.string().max(317), z.string().max(63))
    .refine((labels) => Object.keys(labels).length > 0, { message: "is empty" })
    .meta({
      description: "Labels of its pods: these are let in, and no others.",
      allowed: "an object of at least one label",
      example: { app: "siem" },
    }),
});

const producerQuota = {
  min: 1,
  max: 10_485_760,
  description: "What each broker takes from it in a second before it slows it down, in KiB.",
  example: 1024,
} as const;

const topic = z
  .strictObject({
    partitions: wholeNumber({
      min: 1,
      max: 1000,
      description:
        "Parts that consumers can share. It can grow later, never shrink; records of one key go elsewhere then than before.",
      example: 6,
    }).default(3),
    retentionHours: wholeNumber({
      min: 1,
      max: 87_600,
      description: "How long its records are kept.",
      example: 720,
      defaultText: "`kafka.retentionHours`",
    }).optional(),
    configuration: z
      .record(
        z
          .string()
          .max(63)
          .regex(/^[a-z]+(\.[a-z]+)+$/),
        z.union([z.string().max(1024), z.number(), z.boolean()]).transform(String),
      )
      .meta({
        description:
          "Further configuration of the topic, by Kafka's names. What loses acknowledged records is refused.",
        allowed: "an object of Kafka's names and their values",
        example: { "cleanup.policy": "compact" },
        source: "https://kafka.apache.org/43/configuration/topic-configs/",
      })
      .prefault({}),
  })
  .meta({ description: "A topic.", example: { partitions: 6 } });

const user = z
  .strictObject({
    read: list(topicName("A topic."), 0, {
      description:
        "Topics that it reads, in groups of consumers with its own name, or a name that begins with it and a dot.",
      allowed: "a list of topics that are declared",
      example: ["im.events"],
    }).default([]),
    write: list(topicName("A topic."), 0, {
      description: "Topics that it writes to.",
      allowed: "a list of topics that are declared",
      example: ["im.events"],
    }).default([]),
    ...pods("kafka-user-<name>"),
    producerKiBPerSecond: wholeNumber({ ...producerQuota, defaultText: "no limit" }).optional(),
    consumerKiBPerSecond: wholeNumber({
      min: 1,
      max: 10_485_760,
      description: "What each broker gives to it in a second before it slows it down, in KiB.",
      example: 1024,
      defaultText: "no limit",
    }).optional(),
  })
  .meta({
    description: "A program of somebody else in the cluster.",
    example: { read: ["im.events"], namespace: "siem", podLabels: { app: "siem" } },
  });

const changeCapture = z
  .discriminatedUnion("kind", [
    z
      .strictObject({ kind: z.literal("off").meta({ description: "Nothing is written to Kafka but by its users." }) })
      .meta({ description: "Without change capture." }),
    z
      .strictObject({
        kind: z.literal("on").meta({
          description:
            "What people write is in the topics `synapse.public.event_json` and `synapse.public.events` a moment after it is in the database.",
        }),
        partitions: wholeNumber({
          min: 1,
          max: 1000,
          description:
            "Parts of each topic, which consumers can share; a room is in one of them. More of them later take rooms elsewhere than before.",
          example: 12,
        }).default(6),
        retentionHours: wholeNumber({
          min: 1,
          max: 87_600,
          description:
            "How long what was captured is kept in Kafka. What people redact stays there as long, too: Kafka forgets by age alone.",
          example: 168,
          defaultText: "`kafka.retentionHours`",
        }).optional(),
        generation: wholeNumber({
          min: 1,
          max: 1_000_000,
          description:
            "A higher number than before has everything read again from the tables: after the database was restored to an earlier moment, for example.",
          example: 2,
        }).default(1),
        memoryMiB: wholeNumber({
          min: 512,
          max: 16_384,
          unit: "MiB",
          description: "Memory of each worker of Kafka Connect.",
          example: 1024,
          defaultText: planned,
        }).optional(),
        cpus: decimalNumber({
          min: 0.05,
          max: 16,
          unit: "cores",
          description: "Processors that each worker of Kafka Connect is guaranteed.",
          example: 0.5,
          defaultText: planned,
        }).optional(),
      })
      .meta({ description: "With change capture, by Kafka Connect and Debezium." }),
  ])
  .meta({
    description: "Whether the events of the IM service are written to Kafka, out of the database's own log.",
    example: { kind: "on", partitions: 6 },
  });

const sender = z
  .strictObject({
    ...pods("kafka-user-bulk-<name>"),
    displayName: text(/^\S.*$/, {
      description: "Name that people see beside its messages.",
      allowed: "1 to 100 characters",
      example: "Alerts",
      maxLength: 100,
      defaultText: "its own",
    }).optional(),
    messagesPerSecond: decimalNumber({
      min: 0.01,
      max: 1000,
      unit: "per second",
      description: "Messages of it that are brought into rooms at most, whatever the homeserver can take.",
      example: 2,
      defaultText: "no limit of its own",
    }).optional(),
    share: wholeNumber({
      min: 1,
      max: 100,
      description: "What it gets while others wait, too: twice as much with 2 as with 1.",
      example: 3,
    }).default(1),
    retentionHours: wholeNumber({
      min: 1,
      max: 87_600,
      description: "How long its messages wait at most: what was not said by then never is.",
      example: 72,
      defaultText: "`kafka.retentionHours`",
    }).optional(),
    producerKiBPerSecond: wholeNumber(producerQuota).default(1024),
  })
  .meta({
    description: "A program of somebody else in the cluster that writes into rooms as `@_bulk_<name>`.",
    example: { namespace: "monitoring", podLabels: { app: "alerts" }, displayName: "Alerts" },
  });

const bulk = z
  .discriminatedUnion("kind", [
    z
      .strictObject({ kind: z.literal("off").meta({ description: "Nobody writes into rooms by way of Kafka." }) })
      .meta({ description: "Without bursts." }),
    z
      .strictObject({
        kind: z.literal("on").meta({
          description:
            "Imports, bots and notifications write to topics, which reach rooms at the pace that the homeserver can take.",
        }),
        messagesPerSecond: decimalNumber({
          min: 0.1,
          max: 1000,
          unit: "per second",
          description: "Messages that are brought into rooms at most, of all senders together.",
          example: 20,
        }).default(20),
        targetLatencyMs: wholeNumber({
          min: 10,
          max: 10_000,
          unit: "ms",
          description:
            "The homeserver is busy when it needs longer than this for a message: then fewer are brought to it, and people's come first.",
          example: 200,
        }).default(200),
        senders: z
          .record(
            z
              .string()
              .max(32)
              .regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/),
            sender,
          )
          .refine((senders) => Object.keys(senders).length > 0, { message: "is empty" })
          .refine((senders) => Object.keys(senders).length <= 32, { message: "has more than 32" })
          .meta({
            description:
              "Programs of others that write into rooms, by name. Each has the topic `im.bulk.<name>` for itself.",
            allowed: "an object of 1 to 32 senders by name: lower-case letters, digits and hyphens",
            example: { alerts: { namespace: "monitoring", podLabels: { app: "alerts" } } },
          }),
      })
      .meta({ description: "With bursts, by topics and a program that brings them to the homeserver." }),
  ])
  .meta({
    description: "Whether programs write into rooms by way of Kafka, at the pace that the homeserver can take.",
    example: { kind: "on", senders: { alerts: { namespace: "monitoring", podLabels: { app: "alerts" } } } },
  });

const embedded = z
  .strictObject({
    kind: z.literal("embedded").meta({ description: "Kafka is deployed with the environment." }),
    brokers: wholeNumber({
      min: 3,
      max: 99,
      description: 'Brokers in availability "ha". More can be added later; none is taken away.',
      example: 3,
      defaultText: '3; 1 in availability "single"',
    }).optional(),
    retentionHours: wholeNumber({
      min: 1,
      max: 87_600,
      description: "How long records are kept where a topic says nothing else.",
      example: 168,
      source: "https://kafka.apache.org/43/configuration/broker-configs/",
    }).default(168),
    storageGiB: wholeNumber({
      min: 1,
      max: 65_536,
      unit: "GiB",
      description: "Volume of each broker. It can grow later, never shrink.",
      example: 50,
      defaultText: planned,
      source: KAFKA_HARDWARE,
    }).optional(),
    storageClass: text(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, {
      description: "Storage class of the volumes: a disk of its own is worth more than a fast one.",
      allowed: "the name of a storage class",
      example: "fast",
      defaultText: "`cluster.storageClass`",
    }).optional(),
    memoryMiB: wholeNumber({
      min: 768,
      max: 262_144,
      unit: "MiB",
      description:
        "Memory of each broker: two fifths of it are the heap, most of the rest keeps what was written last.",
      example: 2048,
      defaultText: planned,
      source: KAFKA_HARDWARE,
    }).optional(),
    cpus: decimalNumber({
      min: 0.05,
      max: 64,
      unit: "cores",
      description: "Processors that each broker is guaranteed.",
      example: 0.5,
      defaultText: planned,
    }).optional(),
    changeCapture: changeCapture.prefault({ kind: "off" }),
    bulk: bulk.prefault({ kind: "off" }),
    topics: z
      .record(z.string().max(249).regex(TOPIC_NAME), topic)
      .meta({
        description: "Topics, by name. One that is taken out stays, with its records, until `removedTopics` names it.",
        allowed: "an object of topics by name: lower-case letters, digits, dots, hyphens and underscores",
        example: { "tickets.opened": { partitions: 6 } },
      })
      .prefault({}),
    removedTopics: list(topicName("A topic."), 0, {
      description: "Topics that are removed with all their records.",
      allowed: "a list of topics that `topics` does not name",
      example: ["old.events"],
    }).default([]),
    users: z
      .record(
        z
          .string()
          .max(40)
          .regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/),
        user,
      )
      .meta({
        description: "Programs of others that use topics, by name.",
        allowed: "an object of users by name: lower-case letters, digits and hyphens",
        example: { siem: { read: ["im.events"], namespace: "siem", podLabels: { app: "siem" } } },
      })
      .prefault({}),
  })
  .meta({ description: "With Kafka." });

export const kafkaSettings = z
  .discriminatedUnion("kind", [
    z
      .strictObject({ kind: z.literal("off").meta({ description: "There is no Kafka." }) })
      .meta({ description: "Without Kafka." }),
    embedded,
  ])
  .meta({ description: "The log of events that others read.", example: { kind: "embedded", retentionHours: 168 } });

export type KafkaSettings = z.output<typeof kafkaSettings>;
export type EmbeddedKafkaSettings = Extract<KafkaSettings, { kind: "embedded" }>;
