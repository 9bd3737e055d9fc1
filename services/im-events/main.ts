/**
 * Writes what was captured of the homeserver's database as events of the model, each at least once, and in order in its room:
 * `node im-events.js <specification in JSON>`. It begins where it was, and ends with an error when Kafka does not take a record: then it
 * is started again.
 */
import { readFileSync } from "node:fs";
import { Consumer, type Message, stringDeserializers } from "@platformatic/kafka";
import { reasonOf } from "../kafka-topics/reason.ts";
import { jsonLog } from "../runtime/log.ts";
import { runProgram } from "../runtime/program.ts";
import { RecordWriter } from "../runtime/record-writer.ts";
import { startServer } from "../runtime/server.ts";
import { readTls } from "../runtime/tls.ts";
import { createMetrics } from "./metrics.ts";
import type { EventsSpecification } from "./specification.ts";
import { translate } from "./translate.ts";

/** Records that are written at a time, at most. */
const BATCH = 500;
/** After this time without a sign another process has its part of the rooms, in milliseconds. */
const SESSION = { sessionTimeout: 10_000, rebalanceTimeout: 10_000, heartbeatInterval: 2000 };

type Record = Message<string, string, string, string>;

runProgram("im-events", async (file, stop) => {
  // The stack's own component wrote it, and its type is this.
  const specification: EventsSpecification = JSON.parse(readFileSync(file, "utf8"));
  const { accountFolder, bootstrapServers, group, captured } = specification;
  const tls = readTls(accountFolder);
  const client = { clientId: group, bootstrapBrokers: [...bootstrapServers], tls, retries: 20, retryDelay: 500 };
  const metrics = createMetrics();
  const server = await startServer({ ...specification.server, registry: metrics.registry, isAlive: () => true });
  const writer = new RecordWriter(client);
  const reading = { ...SESSION, groupId: group, deserializers: stringDeserializers, maxWaitTime: 500 };
  const consumer = new Consumer({ ...client, ...reading });
  const write = async (batch: readonly Record[]) => {
    const messages = batch.map(({ topic, partition, offset, key, value }) =>
      translate({ topic, partition, offset, key, value }, specification, metrics),
    );
    await writer.write(messages);
    for (const last of lastOfEach(batch)) await last.commit();
  };
  try {
    const stream = await consumer.consume({
      topics: [captured],
      mode: "committed",
      fallbackMode: "earliest",
      autocommit: false,
    });
    stop.addEventListener("abort", () => stream.destroy(), { once: true });
    jsonLog().info("reads what was captured", { captured });
    let batch: Record[] = [];
    for await (const message of stream) {
      batch.push(message);
      if (batch.length < BATCH && stream.readableLength > 0) continue;
      await write(batch);
      batch = [];
    }
  } catch (error) {
    if (!stop.aborted) throw new Error(reasonOf(error), { cause: error });
  } finally {
    await Promise.allSettled([consumer.close(true), writer.close()]);
    server.close();
    server.closeAllConnections();
  }
});

/** The last record of each partition: with it all before it are done. */
function lastOfEach(batch: readonly Record[]): readonly Record[] {
  return [...new Map(batch.map((record) => [`${record.topic} ${record.partition}`, record])).values()];
}
