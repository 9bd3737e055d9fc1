import { type BaseOptions, type MessageToProduce, ProduceAcks, Producer, stringSerializers } from "@platformatic/kafka";

/**
 * Writes records to Kafka. What it was told is written is with all copies that are in sync, so that it is lost with no broker.
 *
 * The client asks for that record by record: what its producer is made with, it passes over, and then the leader alone has them.
 */
export class RecordWriter {
  private readonly producer: Producer<string, string, string, string>;

  constructor(client: BaseOptions) {
    this.producer = new Producer({ ...client, serializers: stringSerializers, compression: "gzip" });
  }

  /** @throws Error when one of the records may not be written: the others may be */
  async write(messages: MessageToProduce<string, string, string, string>[]): Promise<void> {
    await this.producer.send({ messages, acks: ProduceAcks.ALL });
  }

  async close(): Promise<void> {
    await this.producer.close();
  }
}
