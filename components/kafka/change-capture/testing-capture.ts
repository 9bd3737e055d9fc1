/** All that change capture consists of, for tests. */
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { Consumer } from "@platformatic/kafka";
import { z } from "zod";
import { type ImEvent, imEvent } from "../../../services/im-events/event.ts";
import { end, eventually, hasEnded } from "../../../tests/contained.ts";
import { capturedTables } from "../../im/index.ts";
import { TestSynapse } from "../../im/matrix/testing-synapse.ts";
import { TestPostgres } from "../../postgres/testing.ts";
import { name as eventsName, eventsSpecification, topics as modelTopics } from "../im-events/spec.ts";
import { commonNameOf } from "../names.ts";
import { bootstrapServers } from "../spec.ts";
import { namespace, TestKafka } from "../testing.ts";
import { patient } from "../testing-client.ts";
import type { ConnectorArgs } from "./connector.ts";
import { heartbeatPrefix, objects, sharedTopics, topicOf } from "./names.ts";
import { TestConnect } from "./testing.ts";
import { TestConversation } from "./testing-conversation.ts";
import { TestService } from "./testing-service.ts";

const database = "synapse";
const host = "pg-rw.roost.svc";
const name = `${database}_capture`;
/** Topic of the table with the events themselves. */
const events = topicOf(database, capturedTables[1]);
/** Topics of the captured tables. */
export const topics = capturedTables.map((table) => topicOf(database, table));

/** A row of `event_json` as it is in Kafka. */
export interface CapturedRecord {
  readonly key: unknown;
  readonly id: string;
  readonly room: string;
  /** `c`: it was written while somebody read; `r`: it was read from the table. */
  readonly operation: string;
  readonly event: Readonly<Record<string, unknown>>;
  /** From when Synapse has taken it until it was read from Kafka, in seconds. */
  readonly seconds: number;
}

const change = z.object({
  op: z.string(),
  after: z.object({ event_id: z.string(), room_id: z.string(), json: z.string() }),
});

export class TestCapture {
  readonly kafka: TestKafka;
  postgres: TestPostgres;
  private readonly service: TestService | undefined;
  readonly connect: TestConnect;
  private readonly connector: ConnectorArgs;
  private readonly records: CapturedRecord[] = [];
  /** Events of the model, and what was put aside as none. */
  readonly model: { readonly key: string; readonly event: ImEvent; readonly seconds: number; readonly at: number }[] =
    [];
  readonly deadLetters: { readonly value: string; readonly reason: string }[] = [];
  private homeserver: TestSynapse | undefined;
  private translator: ChildProcess | undefined;
  private consumer: Consumer<string, string, string, string> | undefined;

  /**
   * @param ha whether PostgreSQL is reached by a Service, which can lead to another instance
   * @param asInProduction as {@link TestKafka} has it
   */
  constructor({
    ha = false,
    asInProduction = false,
  }: { readonly ha?: boolean; readonly asInProduction?: boolean } = {}) {
    this.kafka = new TestKafka({ brokers: 1, controllers: 0, asInProduction });
    const { folder, authority } = this.kafka;
    const address = this.kafka.addHost(host, 0);
    const certificate = authority.issue(host, [host]);
    const shared = { folder, host, certificate, database };
    if (ha) {
      const instance = this.kafka.addHost("pg-1", 2);
      this.service = new TestService(address, instance, 5432);
      this.postgres = new TestPostgres({ ...shared, address: instance, service: address });
    } else this.postgres = new TestPostgres({ ...shared, address });
    this.connect = new TestConnect(this.kafka);
    const source = { host, port: 5432, database, user: name, publication: name, slot: name };
    this.connector = { source, prefix: database, tables: capturedTables };
  }

  /** Starts Kafka, PostgreSQL and Synapse, in which people have written a little. */
  async start(): Promise<TestConversation> {
    await Promise.all([this.kafka.start(), this.postgres.create()]);
    this.homeserver = await TestSynapse.prepare(this.postgres.forSynapse);
    await this.homeserver.start();
    const people = new TestConversation(this.homeserver);
    await people.begin();
    await people.write(await people.createRoom(), 10);
    return people;
  }

  /** Does what the stack does: publication, rights, topics, workers. */
  async beginCapture(): Promise<void> {
    await this.postgres.capture(capturedTables);
    await this.allow(topics);
    await this.connect.start();
    await this.connect.watch(this.connector);
    await this.consume();
  }

  /** Starts what makes events of the model. */
  translate(): void {
    this.translator = this.kafka.serve(eventsName, (folder) => ({
      ...eventsSpecification(events, bootstrapServers(namespace, 1)),
      accountFolder: this.kafka.authority.issue(commonNameOf(eventsName)),
      server: { port: 9408, certificateFile: join(folder, "tls.crt"), keyFile: join(folder, "tls.key") },
    }));
  }

  /** Kills it in the middle of what it does. */
  async killTranslator(): Promise<void> {
    if (this.translator !== undefined) await end(this.translator);
  }

  /** Declares a connector that knows nothing of where the one before was. */
  async readAgain(generation: number): Promise<void> {
    await this.connect.watch({ ...this.connector, generation });
  }

  /** Lets the workers write to topics, beside their own. */
  async allow(writable: readonly string[]): Promise<void> {
    const topic = { partitions: 2, replicas: 1, configuration: {} };
    const own = { partitions: 1, replicas: 1, configuration: { "cleanup.policy": "compact" } };
    const shared = Object.values(sharedTopics);
    const heartbeat = `${heartbeatPrefix}.${database}`;
    const grants = [
      ...[...writable, heartbeat, ...shared].map((each) => ({ topic: each, access: "write" as const })),
      ...shared.map((each) => ({ topic: each, access: "read" as const })),
    ];
    await this.kafka.reconcile({
      topics: Object.fromEntries([
        ...[...topics, ...Object.values(modelTopics)].map((each) => [each, topic] as const),
        ...[heartbeat, ...shared].map((each) => [each, own] as const),
      ]),
      removedTopics: [],
      users: {
        [objects.worker]: { grants },
        archive: {
          grants: [...topics, ...Object.values(modelTopics)].map((each) => ({ topic: each, access: "read" as const })),
        },
        [eventsName]: {
          grants: [
            { topic: events, access: "read" },
            ...Object.values(modelTopics).map((each) => ({ topic: each, access: "write" as const })),
          ],
        },
      },
    });
  }

  /** What runs of that which captures, by the name that its pod has. */
  get processes(): ReadonlyMap<string, number> {
    const [broker] = this.kafka.nodes;
    const children = {
      kafka: broker?.process?.child,
      [objects.worker]: this.connect.process?.child,
      [eventsName]: this.translator,
    };
    const running = Object.entries(children).flatMap(([each, child]): [string, number][] =>
      child?.pid === undefined || hasEnded(child) ? [] : [[each, child.pid]],
    );
    return new Map(running);
  }

  get synapse(): TestSynapse {
    if (this.homeserver === undefined) throw new Error("Synapse has not been started");
    return this.homeserver;
  }

  /** Reads what there is, from the beginning. */
  async consume(): Promise<void> {
    const text = (data?: Buffer) => data?.toString() ?? "";
    const deserializers = { key: text, value: text, headerKey: text, headerValue: text };
    const client = { ...this.kafka.client("archive"), ...patient };
    const consumer = new Consumer({ ...client, groupId: "archive", deserializers, maxWaitTime: 200 });
    this.consumer = consumer;
    const stream = await consumer.consume({ topics: [events, ...Object.values(modelTopics)], mode: "earliest" });
    stream.on("data", ({ topic, key, value, headers }) => {
      const reason = headers.get("reason") ?? "";
      if (topic === modelTopics.events) return this.addEvent(key, imEvent.parse(JSON.parse(value)));
      if (topic === modelTopics.deadLetters) return this.deadLetters.push({ value, reason });
      const { op, after } = change.parse(JSON.parse(value));
      const event = after.json.startsWith("{") ? JSON.parse(after.json) : {};
      const seconds = (Date.now() - event.origin_server_ts) / 1000;
      this.records.push({
        key: JSON.parse(key),
        id: after.event_id,
        room: after.room_id,
        operation: op,
        event,
        seconds,
      });
    });
  }

  /** Reads no more, so that the tests' own work weighs on nothing. */
  async endConsuming(): Promise<void> {
    await this.consumer?.close(true);
    this.consumer = undefined;
  }

  private addEvent(key: string, event: ImEvent): void {
    const at = Date.now();
    this.model.push({ key, event, at, seconds: (at - Date.parse(event.time)) / 1000 });
  }

  /** Nothing reads the database's log any more. */
  async endCapture(): Promise<void> {
    await this.connect.remove(database);
    await this.killTranslator();
  }

  /** All of it goes on where it was, after {@link endCapture}. */
  async resumeCapture(): Promise<void> {
    await this.connect.watch(this.connector);
    this.translate();
  }

  /** Events of the model by these ids, each as it came first, when all of them are there. */
  async eventuallyModelled(ids: readonly string[]) {
    const first = () => {
      const found = new Map<string, (typeof this.model)[number]>();
      for (const each of this.model) if (!found.has(each.event.id)) found.set(each.event.id, each);
      return found;
    };
    await eventually("events of the model", 300, () => {
      const known = first();
      return ids.every((id) => known.has(id));
    });
    const found = first();
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  /** Ids of all events, in the order in which Synapse has written them. */
  async eventsInDatabase(): Promise<readonly string[]> {
    return (await this.postgres.query("SELECT event_id FROM events ORDER BY stream_ordering")).split("\n");
  }

  /** All records so far, when there are so many. */
  async eventually(count: number): Promise<readonly CapturedRecord[]> {
    await eventually(
      `${count} records, of which there are ${this.records.length}`,
      240,
      () => this.records.length >= count,
    );
    return this.records;
  }

  /** All records so far, when these are among them. */
  async eventuallyHas(ids: readonly string[]): Promise<readonly CapturedRecord[]> {
    await eventually("records of all events", 240, () => {
      const known = new Set(this.records.map(({ id }) => id));
      return ids.every((id) => known.has(id));
    });
    return this.records;
  }

  /** What PostgreSQL says of the slot. */
  slot(columns: string): Promise<string> {
    return this.postgres.query(`SELECT ${columns} FROM pg_replication_slots WHERE slot_name = '${name}'`);
  }

  /** Adds a standby, and waits until it has a copy of the slot. */
  async addStandby(): Promise<TestPostgres> {
    const address = this.kafka.addHost("pg-2", 3);
    const standby = await this.postgres.createStandby({ folder: join(this.kafka.folder, "pg-2"), address });
    const synced = `SELECT synced AND NOT temporary FROM pg_replication_slots WHERE slot_name = '${name}'`;
    await eventually("the standby to have the slot", 180, async () => (await standby.query(synced)) === "t");
    return standby;
  }

  /** Kills the primary and promotes the standby, to which the Service leads from then on. */
  async failOver(standby: TestPostgres): Promise<void> {
    await this.postgres.process?.end("SIGKILL");
    await standby.query("SELECT pg_promote()");
    // The operator takes out who is gone.
    await standby.query("ALTER SYSTEM SET synchronized_standby_slots = ''");
    await standby.query("SELECT pg_reload_conf()");
    this.service?.lead(standby.args.address);
    this.postgres = standby;
  }

  /** Writes more WAL than is kept for a slot. */
  async loseSlot(): Promise<void> {
    await this.postgres.query("ALTER SYSTEM SET max_slot_wal_keep_size = '16MB'");
    await this.postgres.query("SELECT pg_reload_conf()");
    await eventually("the slot to be lost", 120, async () => {
      await this.postgres.query(
        "SELECT pg_switch_wal(), pg_logical_emit_message(false, 'ballast', repeat('x', 1000000))",
      );
      await this.postgres.query("CHECKPOINT");
      return (await this.slot("wal_status")) === "lost";
    });
  }

  async stop(): Promise<void> {
    await this.consumer?.close(true).catch(() => undefined);
    await this.killTranslator();
    await this.connect.stop();
    await this.homeserver?.stop();
    await this.postgres.process?.end("SIGKILL");
    this.service?.close();
    await this.kafka.stop();
  }
}
