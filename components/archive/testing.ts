/** An archive of real parts for tests: Kafka, an object store, a homeserver, and the program, as processes on the loopback interface. */
import type { ChildProcess } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { objectsOf } from "../../services/archive/ahead.ts";
import { eventIn, unpack } from "../../services/archive/event.ts";
import { type FoundEvent, findEvents } from "../../services/archive/find-events.ts";
import { EVENTS, headOf, MANIFESTS } from "../../services/archive/manifest.ts";
import type { ArchiveSpecification, BatchLimits } from "../../services/archive/specification.ts";
import { openStore, type Store } from "../../services/archive/store.ts";
import { type ArchiveReport, type VerifyArgs, verifyArchive } from "../../services/archive/verify.ts";
import { RecordWriter } from "../../services/runtime/record-writer.ts";
import { end, eventually } from "../../tests/contained.ts";
import { freePort } from "../../tests/free-port.ts";
import { TestObjectStore } from "../backup/testing.ts";
import { paths } from "../im/matrix/paths.ts";
import { TestSynapse } from "../im/matrix/testing-synapse.ts";
import { commonNameOf } from "../kafka/names.ts";
import { bootstrapServers } from "../kafka/spec.ts";
import { namespace, TestKafka } from "../kafka/testing.ts";
import { name } from "./spec.ts";

export const topic = "im.events";
const writer = "im-events";
const password = "correct horse battery staple";
const bucketName = "archive-test";

export interface TestEvent {
  readonly id: string;
  readonly room: string;
  readonly media?: { readonly url: string; readonly name?: string };
  readonly kind?: string;
  readonly type?: string;
  readonly replaces?: string;
  readonly redacts?: string;
}

/** What an archive reads from. */
export interface TestSources {
  readonly kafka: TestKafka;
  readonly homeserver: TestSynapse;
}

export class TestArchive {
  readonly kafka: TestKafka;
  readonly homeserver: TestSynapse;
  readonly store: TestObjectStore;
  private readonly limits: BatchLimits;
  private readonly programs = new Set<ChildProcess>();
  private readonly records: RecordWriter;
  private readonly bucket: Store;
  private token = "";
  private metricsPort = 0;

  private constructor({ kafka, homeserver }: TestSources, store: TestObjectStore, limits: BatchLimits) {
    this.kafka = kafka;
    this.homeserver = homeserver;
    this.store = store;
    this.limits = limits;
    const client = { ...this.kafka.client(writer), retries: 60, retryDelay: 500 };
    this.records = new RecordWriter(client);
    this.bucket = openStore(this.bucketOf(name));
  }

  /** Of what a test writes itself. @param partitions of the topic of events */
  static async start(partitions: number, limits: BatchLimits): Promise<TestArchive> {
    const sources = { kafka: new TestKafka({ brokers: 1, controllers: 0 }), homeserver: await TestSynapse.prepare() };
    await Promise.all([sources.kafka.start(), sources.homeserver.start()]);
    await makeTopic(sources.kafka, partitions);
    return TestArchive.of(sources, limits);
  }

  /** Of events that come from elsewhere: the topic is there, and the account `archive` may read it. */
  static async of(sources: TestSources, limits: BatchLimits): Promise<TestArchive> {
    const buckets = { [bucketName]: { objectLock: true, clients: { [name]: "manage" as const } } };
    const archive = new TestArchive(sources, await TestObjectStore.start(buckets), limits);
    await sources.homeserver.makeAccount(name, password, false);
    writeFileSync(join(sources.kafka.folder, "password"), password);
    archive.token = await archive.signIn();
    return archive;
  }

  /** Starts the program. @param changed what it is told otherwise. @default nothing */
  async run(changed: Partial<ArchiveSpecification> = {}): Promise<ChildProcess> {
    this.metricsPort = await freePort();
    const program = this.kafka.serve(
      name,
      (folder): ArchiveSpecification => ({
        ...{ bootstrapServers: bootstrapServers(namespace, 1), client: name, topic },
        accountFolder: this.kafka.authority.issue(commonNameOf(name)),
        bucket: this.bucketOf(name),
        retention: { holds: [] },
        batch: this.limits,
        homeserver: {
          url: this.homeserver.url,
          caFile: join(this.homeserver.folder, paths.certificate, "ca.crt"),
          serverName: "example.org",
          account: { localpart: name, passwordFile: join(this.kafka.folder, "password") },
          maxMediaBytes: 2 ** 20,
        },
        server: {
          port: this.metricsPort,
          certificateFile: join(folder, "tls.crt"),
          keyFile: join(folder, "tls.key"),
        },
        ...changed,
      }),
    );
    this.programs.add(program);
    return program;
  }

  async kill(program: ChildProcess, signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): Promise<void> {
    this.programs.delete(program);
    await end(program, signal);
  }

  async endAll(): Promise<void> {
    for (const program of this.programs) await this.kill(program, "SIGTERM");
  }

  /** What the programs have told so far, line by line. */
  get told(): readonly Readonly<Record<string, unknown>>[] {
    const text = readFileSync(join(this.kafka.folder, `${name}.log`), "utf8").trim();
    return text.split("\n").map((line) => JSON.parse(line));
  }

  /** Writes events, each acknowledged, keyed by their rooms. */
  async produce(events: readonly TestEvent[]): Promise<void> {
    for (let first = 0; first < events.length; first += 500) {
      const messages = events.slice(first, first + 500).map((event) => ({
        ...{ topic, key: event.room },
        value: JSON.stringify({
          ...{ version: 1, engine: "matrix", sender: "@ada:example.org", time: new Date().toISOString() },
          ...{ kind: "message", type: "m.room.message", encrypted: false, accepted: true },
          content: { msgtype: "m.text", body: `says ${event.id}` },
          ...event,
        }),
      }));
      await this.records.write(messages);
    }
  }

  /** Puts a file into the homeserver: its address. */
  async upload(content: string): Promise<string> {
    const headers = { "content-type": "text/plain" };
    const body = Buffer.from(content);
    const asked = { method: "POST", token: this.token, body, headers };
    const answer = await this.homeserver.ask("/_matrix/media/v3/upload?filename=a.txt", asked);
    return z.object({ content_uri: z.string() }).parse(JSON.parse(answer.text)).content_uri;
  }

  verify(args: Omit<VerifyArgs, "store"> = {}): Promise<ArchiveReport> {
    return verifyArchive({ store: this.bucket, ...args });
  }

  find(wanted: { readonly room: string } | { readonly person: string }): Promise<FoundEvent[]> {
    return findEvents(this.bucket, { from: "2026-01-01", to: "2100-01-01", ...wanted });
  }

  /** Waits until so many different events are in the archive. */
  async archived(count: number, seconds = 120): Promise<ArchiveReport> {
    let report = await this.verify();
    await eventually(`${count} archived events`, seconds, async () => {
      if (report.uniqueEvents >= count) return true;
      report = await this.verify();
      return report.uniqueEvents >= count;
    });
    return report;
  }

  /** Waits until an event that was written just now is in the archive. */
  async written(id: string): Promise<void> {
    const day = new Date().toISOString().slice(0, 10);
    const read = new Set<string>();
    await eventually(`${id} in the archive`, 120, async () => {
      for await (const key of this.bucket.keys(`${EVENTS}date=${day}/`)) {
        if (read.has(key)) continue;
        read.add(key);
        const content = await this.bucket.get(key);
        if (content !== undefined && unpack(content).some((line) => eventIn(line)?.id === id)) return true;
      }
      return false;
    });
  }

  /** For each event of people, how long after it was sent its batch was written, in seconds. */
  async delays(): Promise<ReadonlyMap<string, number>> {
    const delays = new Map<string, number>();
    for await (const [, bytes] of objectsOf(this.bucket, MANIFESTS)) {
      const { manifest } = headOf(bytes ?? Buffer.of());
      if (manifest.kind !== "batch") continue;
      const written = Date.parse(manifest.writtenAt);
      for (const line of unpack((await this.bucket.get(manifest.object.key)) ?? Buffer.of())) {
        const event = eventIn(line);
        if (event !== undefined && !delays.has(event.id))
          delays.set(event.id, (written - Date.parse(event.time)) / 1000);
      }
    }
    return delays;
  }

  /** The bucket, as the program has it. */
  get objects(): Store {
    return this.bucket;
  }

  /** Keys of objects, or of all that there are versions of. */
  async keys(prefix: string, of: "objects" | "versions" = "objects"): Promise<readonly string[]> {
    const keys: string[] = [];
    if (of === "objects") for await (const key of this.bucket.keys(prefix)) keys.push(key);
    else for await (const { key } of this.bucket.versions(prefix)) keys.push(key);
    return keys;
  }

  /** Puts a content in the place of an object, as somebody does who has all rights. */
  async overwrite(key: string, content: Buffer | undefined): Promise<void> {
    const root = openStore(this.bucketOf("root"));
    try {
      await root.remove(key);
      if (content !== undefined) await root.put(key, content);
    } finally {
      root.close();
    }
  }

  /** Ends all that it has started. */
  async end(): Promise<void> {
    for (const program of this.programs) await this.kill(program);
    await this.records.close().catch(() => undefined);
    this.bucket.close();
    await this.store.stop();
  }

  /** The same, and what it reads from. */
  async stop(): Promise<void> {
    await this.end();
    await Promise.all([this.homeserver.stop(), this.kafka.stop()]);
  }

  private bucketOf(client: string): ArchiveSpecification["bucket"] {
    const { endpoint, region, pathStyle, credentials, caFile } = this.store.connection(client);
    return { endpoint, region, pathStyle, bucket: bucketName, accountFolder: credentials, caFile };
  }

  private async signIn(): Promise<string> {
    const identifier = { type: "m.id.user", user: name };
    const body = { type: "m.login.password", identifier, password };
    const answer = await this.homeserver.ask("/_matrix/client/v3/login", { method: "POST", body });
    return z.object({ access_token: z.string() }).parse(JSON.parse(answer.text)).access_token;
  }
}

async function makeTopic(kafka: TestKafka, partitions: number): Promise<void> {
  await kafka.reconcile({
    topics: { [topic]: { partitions, replicas: 1, configuration: {} } },
    removedTopics: [],
    users: {
      [writer]: { grants: [{ topic, access: "write" }] },
      [name]: { grants: [{ topic, access: "read" }] },
    },
  });
}
