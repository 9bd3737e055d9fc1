/** Clients of a test's Kafka. */
import type { BaseOptions } from "@platformatic/kafka";
import { Consumer, ProduceAcks, Producer, stringDeserializers, stringSerializers } from "@platformatic/kafka";
import { reasonOf } from "../../services/kafka-topics/reason.ts";

/** Writes records, each acknowledged by all copies in sync. */
export async function produce(client: BaseOptions, topic: string, values: readonly string[]): Promise<void> {
  const producer = new Producer({ ...client, serializers: stringSerializers, autocreateTopics: true });
  try {
    const messages = values.map((value) => ({ topic, key: value, value }));
    await producer.send({ messages, acks: ProduceAcks.ALL });
  } finally {
    await producer.close();
  }
}

/** Reads as many records from the beginning, in a group of consumers. */
export async function consume(client: BaseOptions, groupId: string, topic: string, count: number): Promise<string[]> {
  const consumer = new Consumer({
    ...client,
    groupId,
    deserializers: stringDeserializers,
    autocommit: true,
    maxWaitTime: 500,
  });
  const values: string[] = [];
  try {
    const stream = await consumer.consume({ topics: [topic], mode: "earliest" });
    const late = setTimeout(() => stream.destroy(new Error(`only ${values.length} of ${count} records came`)), 20_000);
    try {
      for await (const message of stream) {
        values.push(String(message.value));
        if (values.length >= count) break;
      }
    } finally {
      clearTimeout(late);
    }
  } finally {
    await consumer.close(true);
  }
  return values;
}

/** What a client does who waits for a group's coordinator, whose topic is made when the first one asks. */
export const patient = { retries: 60, retryDelay: 500 } as const;

/** Why something was refused. */
export async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    return reasonOf(error);
  }
  throw new Error("it was not refused");
}
