/** What there is to be in Kafka: written by the stack, read by the program. */

export interface TopicSpecification {
  /** It may grow: records of one key then go elsewhere than before. Never less. */
  readonly partitions: number;
  /** Copies of each partition. */
  readonly replicas: number;
  /** Configuration of the topic, by Kafka's names. What is not named here has the brokers' value. */
  readonly configuration: Readonly<Record<string, string>>;
}

/** What somebody may do with a topic. */
export interface Grant {
  readonly topic: string;
  readonly access: "read" | "write";
}

/** Bytes a second that each broker takes from somebody, or gives, before it slows them down. */
export interface Quota {
  readonly producerBytesPerSecond?: number | undefined;
  readonly consumerBytesPerSecond?: number | undefined;
}

export interface UserSpecification {
  readonly grants: readonly Grant[];
  readonly quota?: Quota | undefined;
}

export interface KafkaSpecification {
  readonly bootstrapServers: readonly string[];
  /** Brokers that there must be before a topic is made. */
  readonly brokers: number;
  readonly topics: Readonly<Record<string, TopicSpecification>>;
  /** Topics that are removed with their records: nothing else removes one. */
  readonly removedTopics: readonly string[];
  /** By principal. */
  readonly users: Readonly<Record<string, UserSpecification>>;
}
