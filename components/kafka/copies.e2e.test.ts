/** What programs of the environment write is lost with no broker. */
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { RecordWriter } from "../../services/runtime/record-writer.ts";
import { eventually } from "../../tests/contained.ts";
import { TestKafka } from "./testing.ts";
import { consume, patient, refusal } from "./testing-client.ts";

// A busy machine starts nodes slowly.
jest.setTimeout(600_000);

const topic = "im.events";
const FEWER = /fewer in-sync replicas than required/;

let kafka: TestKafka;
let writer: RecordWriter;

beforeAll(async () => {
  kafka = new TestKafka({ brokers: 2, controllers: 1 });
  await kafka.start();
  await kafka.reconcile({
    topics: { [topic]: { partitions: 1, replicas: 2, configuration: { "min.insync.replicas": "2" } } },
    removedTopics: [],
    users: { writer: { grants: [{ topic, access: "write" }] }, reader: { grants: [{ topic, access: "read" }] } },
  });
  writer = new RecordWriter(kafka.client("writer"));
}, 900_000);

afterAll(async () => {
  await writer?.close();
  await kafka?.stop();
});

const write = (value: string) => writer.write([{ topic, key: "room", value }]);

async function eventuallyWritten(value: string): Promise<void> {
  const written = () =>
    write(value).then(
      () => true,
      () => false,
    );
  await eventually(value, 300, written);
}

describe("a record", () => {
  it("is not taken for written as long as too few brokers have it", async () => {
    await eventuallyWritten("with both");
    const [, lost] = kafka.brokers;
    if (lost === undefined) throw new Error("there is no second broker");
    await lost.process?.end("SIGKILL");
    // Until the cluster has noticed, nobody answers in time; never is it taken.
    await eventually("too few copies", 120, async () => FEWER.test(await refusal(write("with one"))));
    await kafka.startNode(lost);
    await eventuallyWritten("with both again");
    const values = await consume({ ...kafka.client("reader"), ...patient }, "reader", topic, 2);
    expect(values[0]).toBe("with both");
  });
});
