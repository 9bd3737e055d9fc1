/** Change capture over a failover of PostgreSQL, with much that is written, and when the log is gone that was not read. */
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { eventually } from "../../../tests/contained.ts";
import { recordFigure } from "../../../tests/figures.ts";
import { TestConnect } from "./testing.ts";
import { TestCapture } from "./testing-capture.ts";
import type { TestConversation } from "./testing-conversation.ts";

jest.setTimeout(900_000);

let capture: TestCapture;
let people: TestConversation;

beforeAll(async () => {
  capture = new TestCapture({ ha: true });
  people = await capture.start();
  await capture.beginCapture();
  await capture.eventuallyHas(await capture.eventsInDatabase());
}, 1_800_000);

afterAll(() => capture?.stop());

describe("a failover of PostgreSQL", () => {
  it("is survived by the slot: nothing that people have written is missing, and nothing was read again from the tables", async () => {
    const standby = await capture.addStandby();
    const room = await people.createRoom();
    const before = await people.write(room, 50);
    await capture.eventuallyHas(before);
    const count = (await capture.eventually(0)).length;
    const started = Date.now();
    await capture.failOver(standby);
    const after = await people.write(room, 50);
    const records = await capture.eventuallyHas(after);
    recordFigure("e2e", "capture_failover_seconds", { value: (Date.now() - started) / 1000, unit: "s", n: 1 });
    const once = [...new Set(records.filter((each) => each.room === room).map(({ id }) => id))];
    expect(once.filter((id) => before.includes(id) || after.includes(id))).toEqual([...before, ...after]);
    expect(new Set(records.slice(count).map(({ operation }) => operation))).toEqual(new Set(["c"]));
    expect(await capture.slot("failover, active")).toBe("t|t");
  });
});

describe("many rooms", () => {
  it("are captured whole, each in its order", async () => {
    const rooms = await Promise.all(Array.from({ length: 10 }, () => people.createRoom()));
    const sent = await Promise.all(rooms.map((room) => people.write(room, 100)));
    const records = await capture.eventuallyHas(sent.flat());
    const all = new Set(sent.flat());
    const seconds = records.flatMap((record) => (all.has(record.id) ? [record.seconds] : [])).sort((a, b) => a - b);
    for (const share of [0.5, 0.99]) {
      const value = seconds[Math.floor(seconds.length * share)] ?? 0;
      recordFigure("e2e", `capture_latency_p${share * 100}_seconds`, { value, unit: "s", n: seconds.length });
    }
    for (const [index, room] of rooms.entries()) {
      const ids = sent[index] ?? [];
      const once = [...new Set(records.filter((each) => each.room === room).map(({ id }) => id))];
      expect(once.filter((id) => ids.includes(id))).toEqual(ids);
    }
  });
});

describe("a worker that is gone", () => {
  it("leaves the connector to the other one within seconds", async () => {
    const other = new TestConnect(capture.kafka, 1);
    await other.start();
    await eventually("the other worker", 120, () => other.worker.isHealthy().catch(() => false));
    const [connector] = Object.values(await other.worker.connectors());
    const runner = [capture.connect, other].find(({ worker }) => worker.id === connector?.status.tasks[0]?.worker_id);
    const started = Date.now();
    await runner?.process?.end("SIGKILL");
    const sent = await people.write(await people.createRoom(), 5);
    await capture.eventuallyHas(sent);
    recordFigure("e2e", "capture_takeover_seconds", { value: (Date.now() - started) / 1000, unit: "s", n: 1 });
    await runner?.start();
    await eventually("the worker to be back", 120, () => runner?.worker.isHealthy().catch(() => false) ?? false);
    await other.stop();
  });
});

describe("a slot that was lost because nobody has read it for too long", () => {
  it("is not taken for one that has everything: all is read again from the tables when it is dropped", async () => {
    await capture.connect.process?.end("SIGKILL");
    const room = await people.createRoom();
    const sent = await people.write(room, 5);
    await capture.loseSlot();
    expect(await capture.slot("wal_status")).toBe("lost");
    await capture.connect.start();
    await eventually("the connector to say so", 120, () =>
      (capture.connect.process?.output() ?? "").includes("Cannot obtain valid replication slot"),
    );
    await capture.postgres.query("SELECT pg_drop_replication_slot('synapse_capture')");
    const records = await capture.eventuallyHas(sent);
    expect(records.filter(({ id }) => sent.includes(id)).map(({ operation }) => operation)).toEqual(
      sent.map(() => "r"),
    );
    const later = await people.write(room, 2);
    await capture.eventuallyHas(later);
  });
});

describe("a publication that was dropped", () => {
  it("costs nothing but time when it is made anew and the slot is dropped: all is read again", async () => {
    const publication = "CREATE PUBLICATION synapse_capture FOR TABLE events, event_json WITH (publish = 'insert')";
    await capture.postgres.query("DROP PUBLICATION synapse_capture");
    const sent = await people.write(await people.createRoom(), 5);
    await eventually("the connector to say so", 120, () =>
      (capture.connect.process?.output() ?? "").includes('publication "synapse_capture" does not exist'),
    );
    await capture.postgres.query(publication);
    await eventually("the slot to be free", 60, async () => {
      const drop = capture.postgres.query("SELECT pg_drop_replication_slot('synapse_capture')");
      return drop.then(
        () => true,
        () => false,
      );
    });
    await capture.eventuallyHas(sent);
  });
});

describe("another generation", () => {
  it("takes the place of the one before, and reads everything again", async () => {
    const wanted = await capture.eventsInDatabase();
    const before = (await capture.eventually(0)).length;
    await capture.readAgain(2);
    const again = (await capture.eventually(before + wanted.length)).slice(before);
    expect(new Set(again.map(({ id }) => id))).toEqual(new Set(wanted));
    expect(Object.keys(await capture.connect.worker.connectors())).toEqual(["synapse-2"]);
  });
});
