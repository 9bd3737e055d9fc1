/**
 * Brings what programs write to their topics into rooms, at the pace that the homeserver can take:
 * `node im-bulk.js <specification in JSON>`. It begins where it was. It ends with an error when Kafka does not answer: then it is started
 * again. When the homeserver does not, it waits, and Kafka keeps what is to be said.
 */
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { Consumer, stringDeserializers } from "@platformatic/kafka";
import { reasonOf } from "../kafka-topics/reason.ts";
import { jsonLog } from "../runtime/log.ts";
import { runProgram } from "../runtime/program.ts";
import { RecordWriter } from "../runtime/record-writer.ts";
import { startServer } from "../runtime/server.ts";
import { readTls } from "../runtime/tls.ts";
import { Forward } from "./forward.ts";
import { Gate } from "./gate.ts";
import { Matrix } from "./matrix.ts";
import { createMetrics } from "./metrics.ts";
import { Pace } from "./pace.ts";
import { Schedule } from "./schedule.ts";
import type { BulkSpecification, SenderSpecification } from "./specification.ts";

/** What of a topic is read ahead, in records and in bytes: the rest waits in Kafka. */
const AHEAD = { highWaterMark: 50, maxBytes: 2 ** 18 };
/** After this time without a sign another process takes over, in milliseconds. */
const SESSION = { sessionTimeout: 10_000, rebalanceTimeout: 10_000, heartbeatInterval: 2000 };
const LAG_MS = 5000;
/** A socket that the homeserver may have closed by now is not used again, in milliseconds. */
const IDLE_MS = 30_000;

runProgram("im-bulk", async (file, stop) => {
  // The stack's own component wrote it, and its type is this.
  const specification: BulkSpecification = JSON.parse(readFileSync(file, "utf8"));
  const { accountFolder, bootstrapServers, group, senders, deadLetters, homeserver } = specification;
  const tls = readTls(accountFolder);
  const client = { clientId: group, bootstrapBrokers: [...bootstrapServers], tls, retries: 20, retryDelay: 500 };
  const [log, metrics] = [jsonLog(), createMetrics(Object.keys(senders))];
  const server = await startServer({ ...specification.server, registry: metrics.registry, isAlive: () => true });
  const pace = new Pace({
    most: specification.messagesPerSecond,
    targetSeconds: specification.targetLatencyMs / 1000,
  });
  metrics.pace.set(pace.perSecond);
  const agent = new Agent({ ca: readFileSync(homeserver.authorityFile), keepAlive: true, timeout: IDLE_MS });
  const token = readFileSync(homeserver.tokenFile, "utf8").trim();
  const forward = new Forward({
    homeserver: new Matrix({ ...homeserver, token, agent }),
    gate: new Gate(new Schedule(senders), pace),
    ...{ pace, metrics, log },
  });
  const writer = new RecordWriter(client);
  // Where one sender's records cannot be read, all stop.
  const failed = new AbortController();
  const ends = AbortSignal.any([stop, failed.signal]);

  const follow = async (name: string, sender: SenderSpecification) => {
    const { topic } = sender;
    const options = { ...SESSION, ...AHEAD, groupId: `${group}.${name}`, deserializers: stringDeserializers };
    const consumer = new Consumer({ ...client, ...options, maxWaitTime: 500 });
    consumer.on("consumer:lag", (lag) => metrics.waiting.set({ sender: name }, Math.max(0, sum(lag.get(topic)))));
    try {
      const start = { mode: "committed", fallbackMode: "earliest", autocommit: false } as const;
      const stream = await consumer.consume({ topics: [topic], ...start });
      ends.addEventListener("abort", () => stream.destroy(), { once: true });
      if (ends.aborted) stream.destroy();
      consumer.startLagMonitoring({ topics: [topic] }, LAG_MS);
      for await (const record of stream) {
        const fate = await forward.forward(name, sender, record, ends);
        if (fate === "stopped") break;
        if (fate !== "sent") {
          const headers = { topic, offset: String(record.offset), reason: fate.refused.slice(0, 500) };
          await writer.write([{ topic: deadLetters, key: name, value: record.value, headers }]);
        }
        await record.commit();
      }
    } catch (error) {
      if (!ends.aborted) throw new Error(`${topic}: ${reasonOf(error)}`, { cause: error });
    } finally {
      failed.abort();
      consumer.stopLagMonitoring();
      await consumer.close(true).catch(() => undefined);
    }
  };

  log.info("brings messages of senders into rooms", { senders: Object.keys(senders) });
  try {
    const ended = await Promise.allSettled(Object.entries(senders).map(([name, sender]) => follow(name, sender)));
    const [problem] = ended.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    if (problem !== undefined) throw problem;
    if (!stop.aborted) throw new Error("Kafka has ended the reading of a topic");
  } finally {
    await writer.close().catch(() => undefined);
    agent.destroy();
    server.close();
    server.closeAllConnections();
  }
});

function sum(all: readonly bigint[] = []): number {
  return Number(all.reduce((total, each) => total + each, 0n));
}
