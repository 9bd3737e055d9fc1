/** All that bursts consist of, for tests: Kafka, PostgreSQL, Synapse, people, senders, and the program between them. */
import type { ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Consumer, stringDeserializers } from "@platformatic/kafka";
import { z } from "zod";
import { end } from "../../../tests/contained.ts";
import { freePort } from "../../../tests/free-port.ts";
import { bulkPrefix } from "../../im/matrix/bulk.ts";
import { TestSynapse, testBulkToken } from "../../im/matrix/testing-synapse.ts";
import { TestPostgres } from "../../postgres/testing.ts";
import { commonNameOf } from "../names.ts";
import { bootstrapServers } from "../spec.ts";
import { namespace, TestKafka } from "../testing.ts";
import { patient, produce } from "../testing-client.ts";
import { name as bulkName, bulkSpecification, deadLetters, type Sender, topicOf, userOf } from "./spec.ts";

const database = "synapse";
const host = "pg-rw.roost.svc";
const password = "correct horse battery staple";
const domain = "example.org";

const session = z.object({ access_token: z.string() });
const created = z.object({ room_id: z.string() });
const page = z.object({
  end: z.string().optional(),
  chunk: z.array(
    z.object({
      type: z.string(),
      sender: z.string(),
      origin_server_ts: z.number(),
      content: z.looseObject({ body: z.string().optional(), displayname: z.string().optional() }),
    }),
  ),
});

/** A message in a room. */
export interface Said {
  readonly sender: string;
  readonly body: string;
  readonly time: number;
}

export interface RoomArgs {
  readonly alias?: string;
  /** Accounts that are invited; without any, everybody gets in. */
  readonly invite?: readonly string[];
  readonly encrypted?: boolean;
}

export class TestBulk {
  readonly kafka = new TestKafka({ brokers: 1, controllers: 0 });
  private readonly senders: Readonly<Record<string, Sender>>;
  private readonly postgres: TestPostgres;
  private synapseArgs: TestSynapse | undefined;
  private program: ChildProcess | undefined;
  private port = 0;
  private token = "";
  private sent = 0;

  constructor(senders: Readonly<Record<string, Sender>>) {
    this.senders = senders;
    const { folder, authority } = this.kafka;
    const address = this.kafka.addHost(host, 0);
    const certificate = authority.issue(host, [host]);
    this.postgres = new TestPostgres({ folder, host, address, certificate, database });
  }

  get synapse(): TestSynapse {
    if (this.synapseArgs === undefined) throw new Error("Synapse is not started yet");
    return this.synapseArgs;
  }

  /** Account of a sender in rooms. */
  userId(sender: string): string {
    return `@${bulkPrefix}${sender}:${domain}`;
  }

  /** Starts all but the program, and makes what the stack makes. */
  async start(): Promise<void> {
    await Promise.all([this.kafka.start(), this.postgres.create()]);
    this.synapseArgs = await TestSynapse.prepare(this.postgres.forSynapse);
    await this.synapse.start();
    await this.synapse.makeAccount("ada", password, true);
    const identifier = { type: "m.id.user", user: "ada" };
    this.token = session.parse(
      await this.ask("POST", "v3/login", { type: "m.login.password", identifier, password }),
    ).access_token;
    this.port = await freePort();
    await this.declare();
  }

  private async declare(): Promise<void> {
    const names = Object.keys(this.senders);
    const topic = { partitions: 1, replicas: 1, configuration: {} };
    const [read, write] = ["read", "write"] as const;
    await this.kafka.reconcile({
      topics: Object.fromEntries([...names.map(topicOf), deadLetters].map((each) => [each, topic])),
      removedTopics: [],
      users: {
        ...Object.fromEntries(
          names.map((name) => [userOf(name), { grants: [{ topic: topicOf(name), access: write }] }]),
        ),
        [bulkName]: {
          grants: [
            ...names.map((name) => ({ topic: topicOf(name), access: read })),
            { topic: deadLetters, access: write },
          ],
        },
        auditor: { grants: [{ topic: deadLetters, access: read }] },
      },
    });
  }

  /** Starts what brings messages into rooms. */
  run(pace: { readonly messagesPerSecond: number; readonly targetLatencyMs: number }): void {
    const folder = join(this.kafka.folder, "token");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "token"), testBulkToken);
    const homeserver = { engine: "matrix", url: this.synapse.url, domain, prefix: bulkPrefix } as const;
    const specification = bulkSpecification({
      ...{ bootstrapServers: bootstrapServers(namespace, 1), homeserver, senders: this.senders },
      ...pace,
    });
    this.program = this.kafka.serve(bulkName, (certificate) => ({
      ...specification,
      accountFolder: this.kafka.authority.issue(commonNameOf(bulkName)),
      homeserver: {
        ...specification.homeserver,
        authorityFile: this.synapse.authority(),
        tokenFile: join(folder, "token"),
      },
      server: {
        port: this.port,
        certificateFile: join(certificate, "tls.crt"),
        keyFile: join(certificate, "tls.key"),
      },
    }));
  }

  /** Kills it in the middle of what it does. */
  async kill(): Promise<void> {
    if (this.program !== undefined) await end(this.program);
  }

  /** What it has told. */
  log(): string {
    return readFileSync(join(this.kafka.folder, `${bulkName}.log`), "utf8");
  }

  /** What it tells Prometheus. */
  metrics(): Promise<string> {
    const ca = readFileSync(this.kafka.authority.caFile);
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const servername = `${bulkName}.${namespace}.svc`;
    get({ host: "127.0.0.1", servername, port: this.port, path: "/metrics", ca }, (response) => {
      text(response).then(resolve, reject);
    }).on("error", reject);
    return promise;
  }

  /** Writes records as a sender does. @param topic @default its own */
  write(sender: string, records: readonly (object | string)[], topic = topicOf(sender)): Promise<void> {
    const values = records.map((record) =>
      typeof record === "string" ? record : JSON.stringify({ version: 1, ...record }),
    );
    return produce({ ...this.kafka.client(userOf(sender)), ...patient }, topic, values);
  }

  /** Records that were put aside, with the reason, when there are so many. */
  async putAside(count: number): Promise<readonly { readonly value: string; readonly reason: string }[]> {
    const client = { ...this.kafka.client("auditor"), ...patient };
    const consumer = new Consumer({
      ...client,
      groupId: "auditor",
      deserializers: stringDeserializers,
      maxWaitTime: 200,
    });
    const found: { value: string; reason: string }[] = [];
    try {
      const stream = await consumer.consume({ topics: [deadLetters], mode: "earliest" });
      const late = setTimeout(() => stream.destroy(new Error(`${found.length} of ${count} were put aside`)), 60_000);
      for await (const { value, headers } of stream) {
        found.push({ value, reason: headers.get("reason") ?? "" });
        if (found.length >= count) break;
      }
      clearTimeout(late);
    } finally {
      await consumer.close(true);
    }
    return found;
  }

  /** A room of Ada's. */
  async createRoom({ alias, invite, encrypted = false }: RoomArgs = {}): Promise<string> {
    const joinRules = { type: "m.room.join_rules", state_key: "", content: { join_rule: "invite" } };
    const encryption = { type: "m.room.encryption", state_key: "", content: { algorithm: "m.megolm.v1.aes-sha2" } };
    const body = {
      preset: "public_chat",
      ...(alias !== undefined && { room_alias_name: alias }),
      ...(invite && { invite }),
      initial_state: [...(invite ? [joinRules] : []), ...(encrypted ? [encryption] : [])],
    };
    return created.parse(await this.ask("POST", "v3/createRoom", body)).room_id;
  }

  /** Says something as Ada. @returns the seconds that it took */
  async say(room: string): Promise<number> {
    const started = performance.now();
    const path = `v3/rooms/${encodeURIComponent(room)}/send/m.room.message/${this.sent++}`;
    await this.ask("PUT", path, { msgtype: "m.text", body: "hello" });
    return (performance.now() - started) / 1000;
  }

  /** All that was said in a room, in its order. */
  async said(room: string): Promise<readonly Said[]> {
    const all: Said[] = [];
    for (let from: string | undefined = ""; from !== undefined; ) {
      const start: string = from === "" ? "" : `&from=${encodeURIComponent(from)}`;
      const path = `v3/rooms/${encodeURIComponent(room)}/messages?dir=f&limit=1000${start}`;
      const { chunk, end } = page.parse(await this.ask("GET", path));
      for (const { type, sender, content, origin_server_ts } of chunk)
        if (type === "m.room.message") all.push({ sender, body: content.body ?? "", time: origin_server_ts });
      from = chunk.length === 0 ? undefined : end;
    }
    return all;
  }

  /** Asks as Ada. @throws Error when it is refused */
  async ask(method: string, path: string, body?: object): Promise<unknown> {
    const { status, text: answer } = await this.synapse.ask(`/_matrix/client/${path}`, {
      method,
      token: this.token || undefined,
      ...(body && { body }),
    });
    if (status !== 200) throw new Error(`${method} ${path}: ${status} ${answer}`);
    return JSON.parse(answer);
  }

  async stop(): Promise<void> {
    await this.kill();
    await this.synapseArgs?.stop();
    await this.postgres.process?.end("SIGKILL");
    await this.kafka.stop();
  }
}
