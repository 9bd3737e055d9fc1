/** Events of a real Synapse on a real PostgreSQL, read by a real Debezium in a real Kafka Connect, in a real Kafka. */

import { connect as connectPlain } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { eventually } from "../../../tests/contained.ts";
import { recordFigure } from "../../../tests/figures.ts";
import { capturedTables } from "../../im/index.ts";
import { fromExposition, recordedMetrics } from "../../observability/metrics/recorded.ts";
import { ports } from "./names.ts";
import { TestCapture, topics } from "./testing-capture.ts";
import type { TestConversation } from "./testing-conversation.ts";

// A busy machine starts five programs slowly.
jest.setTimeout(600_000);

let capture: TestCapture;
let people: TestConversation;

beforeAll(async () => {
  capture = new TestCapture();
  people = await capture.start();
}, 1_200_000);

afterAll(() => capture?.stop());

describe("what was there before", () => {
  it("is in Kafka, in the order in which it was written, and keyed by its room", async () => {
    const wanted = await capture.eventsInDatabase();
    const started = Date.now();
    await capture.beginCapture();
    const records = await capture.eventually(wanted.length);
    recordFigure("e2e", "capture_begin_seconds", { value: (Date.now() - started) / 1000, unit: "s", n: 1 });
    expect(records.map(({ id }) => id)).toEqual(wanted);
    for (const { room, key } of records) expect(key).toEqual({ room_id: room });
  });

  it("leaves a slot that outlives a failover, of the publication that was made for inserts", async () => {
    expect(await capture.slot("plugin, failover, active")).toBe("pgoutput|t|t");
    const publications = "SELECT pubname, pubinsert, pubupdate, pubdelete, pubtruncate FROM pg_publication";
    expect(await capture.postgres.query(publications)).toBe("synapse_capture|t|f|f|f");
  });
});

describe("what people write", () => {
  it("is in Kafka a moment later, in order in its room, with the row as Synapse has written it", async () => {
    const room = await people.createRoom();
    const sent = await people.write(room, 20);
    const records = (await capture.eventuallyHas(sent)).filter((record) => record.room === room);
    expect(records.map(({ id }) => id).filter((id) => sent.includes(id))).toEqual(sent);
    const last = records.find(({ id }) => id === sent.at(-1));
    expect(last?.event).toMatchObject({ type: "m.room.message", room_id: room, content: { body: "message 19" } });
  });

  it("may be redacted and edited: Synapse changes its rows as if nobody read them, and nothing of it is captured", async () => {
    const room = await people.createRoom();
    const [id = ""] = await people.write(room, 1);
    const redaction = await people.redact(room, id);
    // What Synapse does with redacted events after seven days.
    await capture.postgres.query(`UPDATE event_json SET json = '{}' WHERE event_id = '${id}'`, "synapse");
    await capture.postgres.query(`UPDATE events SET processed = NOT processed WHERE event_id = '${id}'`, "synapse");
    await capture.postgres.query(`DELETE FROM event_json WHERE event_id = '${id}'`, "synapse");
    const records = await capture.eventuallyHas([id, redaction]);
    expect(records.filter((record) => record.id === id).map(({ operation }) => operation)).toEqual(["c"]);
  });
});

describe("the reader's role", () => {
  it("reads the captured tables, and nothing else", async () => {
    for (const { name } of capturedTables)
      expect(Number(await capture.postgres.query(`SELECT count(*) FROM ${name}`, "synapse_capture"))).toBeGreaterThan(
        0,
      );
    for (const table of ["users", "access_tokens", "e2e_room_keys"])
      await expect(capture.postgres.query(`SELECT 1 FROM ${table}`, "synapse_capture")).rejects.toThrow(
        /permission denied/,
      );
    await expect(capture.postgres.query("DELETE FROM events", "synapse_capture")).rejects.toThrow(/permission denied/);
    await expect(capture.postgres.query("SELECT 1", "synapse_capture", "postgres")).rejects.toThrow(/pg_hba/);
  });
});

describe("the database's disk", () => {
  it("is not filled while nothing is captured: the slot follows what others write", async () => {
    const before = await capture.slot("confirmed_flush_lsn");
    await capture.postgres.query("CREATE TABLE IF NOT EXISTS ballast (x text)", "synapse");
    await capture.postgres.query(
      "INSERT INTO ballast SELECT repeat('x', 1000) FROM generate_series(1, 5000)",
      "synapse",
    );
    const end = await capture.postgres.query("SELECT pg_current_wal_lsn()");
    await eventually("the slot to be there", 90, async () => {
      return (await capture.slot(`confirmed_flush_lsn >= '${end}' AND confirmed_flush_lsn > '${before}'`)) === "t";
    });
  });
});

describe("a worker that is killed while it writes", () => {
  it("misses nothing when it is back, and keeps the order in each room", async () => {
    const room = await people.createRoom();
    const sending = people.write(room, 60);
    await capture.connect.process?.end("SIGKILL");
    const sent = await sending;
    await capture.connect.start();
    const records = await capture.eventuallyHas(sent);
    // Some may be there twice: their ids make them one.
    const once = [...new Set(records.filter((each) => each.room === room).map(({ id }) => id))];
    expect(once.filter((id) => sent.includes(id))).toEqual(sent);
  });
});

describe("what looks after the connector", () => {
  it("takes back what somebody has changed by hand", async () => {
    capture.connect.hear();
    const { worker } = capture.connect;
    const { synapse } = await worker.connectors();
    await worker.configure("synapse", {
      ...(synapse?.info.config as Record<string, string>),
      "tasks.max": "1",
      "slot.failover": "false",
    });
    await eventually("the configuration", 60, async () => {
      return (await worker.connectors()).synapse?.info.config["slot.failover"] === "true";
    });
    expect(capture.connect.hear()).toContain("other than declared: slot.failover");
  });

  it("removes a connector that nobody declared", async () => {
    const { worker } = capture.connect;
    const { synapse } = await worker.connectors();
    await worker.configure("mine", {
      ...(synapse?.info.config as Record<string, string>),
      name: "mine",
      "slot.name": "mine",
    });
    await eventually("its end", 60, async () => (await worker.connectors()).mine === undefined);
  });

  it("restarts a task that has failed, which goes on where it was", async () => {
    // Kafka refuses the rows for a while: that is no fault of the network, which the connector itself would wait for.
    await capture.allow([]);
    const sent = await people.write(await people.createRoom(), 3);
    await eventually("the task to fail", 120, async () => (await capture.connect.states("synapse")).includes("FAILED"));
    await capture.allow(topics);
    await capture.eventuallyHas(sent);
    expect(await capture.connect.states("synapse")).toEqual(["RUNNING", "RUNNING"]);
    expect(capture.connect.hear()).toMatch(/synapse: restart.*Not authorized to access topics/);
  });
});

describe("events of the model", () => {
  const once = (room: string) => [
    ...new Map(
      capture.model.filter(({ event }) => event.room === room).map(({ event }) => [event.id, event] as const),
    ).values(),
  ];
  it("are made of what was captured, keyed by their room, and in its order", async () => {
    capture.translate();
    const room = await people.createRoom();
    const sent = await people.write(room, 10);
    const redaction = await people.redact(room, sent[0] ?? "");
    await capture.eventuallyModelled([...sent, redaction]);
    const events = once(room);
    expect(events.map(({ id }) => id).filter((id) => sent.includes(id))).toEqual(sent);
    expect(events[0]).toMatchObject({ type: "m.room.create", kind: "state", sender: "@ada:example.org" });
    expect(events.find(({ id }) => id === redaction)).toMatchObject({ kind: "redaction", redacts: sent[0] });
    expect(events.at(-2)).toMatchObject({ kind: "message", content: { body: "message 9" }, accepted: true });
    for (const { key, event } of capture.model) expect(key).toBe(event.room);
    expect(capture.deadLetters).toEqual([]);
  });

  it("are all there, each in its order, when their maker was killed", async () => {
    const room = await people.createRoom();
    const sending = people.write(room, 40);
    await eventually("some", 60, () => once(room).length > 8);
    await capture.killTranslator();
    const sent = await sending;
    capture.translate();
    await capture.eventuallyModelled(sent);
    expect(
      once(room)
        .map(({ id }) => id)
        .filter((id) => sent.includes(id)),
    ).toEqual(sent);
  });

  it("do not wait for what is none: it is put aside, with the reason", async () => {
    await capture.postgres.query(
      "INSERT INTO event_json (event_id, room_id, internal_metadata, json, format_version) VALUES ('$broken', '!broken:example.org', '{}', 'no JSON', 3)",
      "synapse",
    );
    await eventually("it to be put aside", 60, () => capture.deadLetters.length > 0);
    expect(capture.deadLetters[0]).toMatchObject({
      value: expect.stringContaining("$broken"),
      reason: expect.stringContaining("JSON"),
    });
    const room = await people.createRoom();
    await capture.eventuallyModelled(await people.write(room, 1));
  });
});

describe("the REST API", () => {
  it("answers nobody who shows no certificate, and nobody in plain text", async () => {
    await expect(capture.connect.askUnknown()).rejects.toThrow(/certificate|handshake|closed|reset|hang up/i);
    const socket = connectPlain(ports.rest, capture.connect.address);
    socket.end("GET /connectors HTTP/1.1\r\nHost: kafka-connect\r\n\r\n");
    expect(await text(socket).catch(() => "")).not.toMatch(/HTTP\/1/);
  });
});

describe("metrics", () => {
  it("are told over TLS, those that rules ask for among them", async () => {
    const runs = /^kafka_connectors_tasks_running\{connector="synapse"\} 1/m;
    // They are of when it was looked last, and the task was restarted a moment ago.
    await eventually("the task to be seen", 30, async () =>
      runs.test((await capture.connect.metrics())["kafka-connectors"] ?? ""),
    );
    const exposed = await capture.connect.metrics();
    expect(exposed["kafka-connect"]).toMatch(/^debezium_connected\{server="synapse"\} 1/m);
    for (const [job, metrics] of Object.entries(exposed)) {
      const missing = [...(recordedMetrics().get(job) ?? [])].filter(([name]) => !fromExposition(metrics).has(name));
      // Prometheus itself adds some to every target.
      expect(missing.map(([name]) => name).filter((name) => !/^(up|scrape_)/.test(name))).toEqual([]);
    }
    recordFigure("e2e", "capture_worker_mib", { value: capture.connect.process?.memoryMiB() ?? 0, unit: "MiB", n: 1 });
  });

  it("of Kafka have the heartbeats, by which is seen that it goes all the way", async () => {
    const [broker] = capture.kafka.brokers;
    const exposed = broker === undefined ? "" : await capture.kafka.metrics(broker);
    const [, count] = /^kafka_topic_messagesin_total\{.*topic="heartbeat\.synapse".*\} (\S+)/m.exec(exposed) ?? [];
    expect(Number(count)).toBeGreaterThan(0);
  });
});
