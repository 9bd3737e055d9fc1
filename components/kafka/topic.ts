import type { TopicSpecification } from "../../services/kafka-topics/specification.ts";
import { replication } from "./config.ts";

/** A topic, as the stack declares it. */
export interface TopicArgs {
  /** Parts that consumers can share. It may grow; never less. @default 3 */
  readonly partitions?: number;
  /** How long its records are kept, in hours. @default the brokers' */
  readonly retentionHours?: number | undefined;
  /** Further configuration, by Kafka's names. @default the brokers' */
  readonly configuration?: Readonly<Record<string, string>>;
}

/** What a topic is to be, with as many copies as there are brokers for. */
export function topicSpecification(args: TopicArgs, brokers: number): TopicSpecification {
  const { factor, inSync } = replication({ brokers });
  return {
    partitions: args.partitions ?? 3,
    replicas: factor,
    configuration: {
      ...args.configuration,
      ...(args.retentionHours !== undefined && { "retention.ms": String(args.retentionHours * 3_600_000) }),
      "min.insync.replicas": String(inSync),
    },
  };
}
