import { readFileSync } from "node:fs";
import { connect as connectPlain, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { Admin } from "@platformatic/kafka";
import { eventually } from "../../tests/contained.ts";
import { recordFigure } from "../../tests/figures.ts";
import { fromExposition, recordedMetrics } from "../observability/metrics/recorded.ts";
import { ports } from "./names.ts";
import { TestKafka, type TestNode } from "./testing.ts";
import { consume, patient, produce, refusal } from "./testing-client.ts";

// A busy machine starts nodes slowly.
jest.setTimeout(600_000);

const events = {
  partitions: 2,
  replicas: 1,
  configuration: { "min.insync.replicas": "1", "retention.ms": "86400000" },
};
const declared = {
  topics: { "im.events": events, "im.other": events },
  removedTopics: [],
  users: {
    capture: { grants: [{ topic: "im.events", access: "write" as const }] },
    archive: {
      grants: [{ topic: "im.events", access: "read" as const }],
      quota: { consumerBytesPerSecond: 1_000_000 },
    },
  },
};

let kafka: TestKafka;

beforeAll(async () => {
  kafka = new TestKafka({ brokers: 1, controllers: 0 });
  const started = Date.now();
  await kafka.start();
  recordFigure("e2e", "kafka_start_seconds", {
    value: (Date.now() - started) / 1000,
    unit: "s",
    n: 1,
    note: "empty volume",
  });
  await kafka.reconcile(declared);
}, 900_000);

afterAll(() => kafka?.stop());

function node(): TestNode {
  const [first] = kafka.brokers;
  if (first === undefined) throw new Error("there is no broker");
  return first;
}

describe("who may come in", () => {
  it("is nobody in plain text", async () => {
    const socket = connectPlain(ports.client, node().address);
    // A request for the versions of the protocol, as every client begins.
    socket.write(Buffer.from("0000000d00120000000000010003782d7900", "hex"));
    const answer = await bytes(socket);
    // A TLS alert, and no word of Kafka's.
    expect(answer.length === 0 || answer.startsWith("\x15")).toBe(true);
  });

  it("is nobody without a certificate, nor with one of another authority", async () => {
    const archive = kafka.client("archive");
    const { ca, lookup } = { ...archive.tls };
    expect(await refusal(consume({ ...archive, tls: { ca, lookup } }, "archive", "im.events", 1))).toMatch(
      /certificate|closed|network/i,
    );
    expect(await refusal(consume(kafka.client("archive", false), "archive", "im.events", 1))).toMatch(
      /certificate|closed|network/i,
    );
  });

  it("is a client that itself finds the right server", async () => {
    const archive = kafka.client("archive");
    const { ca: _, ...rest } = { ...archive.tls };
    expect(await refusal(consume({ ...archive, tls: rest }, "archive", "im.events", 1))).toMatch(
      /certificate|self-signed|verify/i,
    );
  });
});

describe("what somebody may do", () => {
  it("is what was declared: writing, reading", async () => {
    await produce(kafka.client("capture"), "im.events", ["one", "two", "three"]);
    expect((await consume({ ...kafka.client("archive"), ...patient }, "archive", "im.events", 3)).sort()).toEqual([
      "one",
      "three",
      "two",
    ]);
  });

  it.each([
    ["a stranger writes", () => produce(kafka.client("mallory"), "im.events", ["x"])],
    ["a stranger reads", () => consume(kafka.client("mallory"), "mallory", "im.events", 1)],
    ["a reader writes", () => produce(kafka.client("archive"), "im.events", ["x"])],
    ["a writer reads", () => consume(kafka.client("capture"), "capture", "im.events", 1)],
    ["somebody uses a topic that is not theirs", () => produce(kafka.client("capture"), "im.other", ["x"])],
    ["somebody takes another's group", () => consume(kafka.client("archive"), "capture", "im.events", 1)],
    ["somebody's group begins like another's", () => consume(kafka.client("archive"), "archivex", "im.events", 1)],
  ])("is nothing else: refused when %s", async (_, attempt) => {
    expect(await refusal(attempt())).toMatch(/AUTHORIZATION_FAILED|authoriz/i);
  });

  it("is nothing about the cluster, even for who may write", async () => {
    const admin = new Admin(kafka.client("capture"));
    expect(await refusal(admin.createTopics({ topics: ["mine"], partitions: 1, replicas: 1 }))).toMatch(/authoriz/i);
    expect(await refusal(admin.deleteTopics({ topics: ["im.events"] }))).toMatch(/authoriz/i);
    await admin.close();
  });

  it("makes no topic by being written to, even for who may do everything", async () => {
    expect(await refusal(produce(kafka.client("kafka"), "im.typo", ["x"]))).toMatch(/unknown topic/i);
    const admin = new Admin(kafka.client("kafka"));
    expect(await admin.listTopics()).toEqual(["im.events", "im.other"]);
    await admin.close();
  });
});

describe("what is declared", () => {
  const last = [{ level: "info", event: "kafka is as declared", changes: 0 }];

  it("stays as it is when it is declared again", async () => {
    expect(await kafka.reconcile(declared)).toEqual(last);
  });

  it("follows settings: partitions, configuration, rights, quotas", async () => {
    const next = {
      ...declared,
      topics: {
        ...declared.topics,
        "im.events": { ...events, partitions: 3, configuration: { "retention.ms": "3600000" } },
      },
      users: {
        archive: { grants: [{ topic: "im.other", access: "read" as const }], quota: { producerBytesPerSecond: 5000 } },
      },
    };
    const told = (await kafka.reconcile(next)).flatMap(({ change = [] }) => change);
    expect(told).toEqual([
      "topic im.events has 3 partitions, not 2",
      "topic im.events: retention.ms is 3600000",
      "topic im.events: min.insync.replicas is the brokers' again",
      "made rule User:archive: ALLOW READ TOPIC im.other",
      expect.stringMatching(/^removed rule User:(archive: ALLOW READ|capture: ALLOW WRITE) TOPIC im\.events$/),
      expect.stringMatching(/^removed rule User:(archive: ALLOW READ|capture: ALLOW WRITE) TOPIC im\.events$/),
      "quota of archive: producer_byte_rate is 5000",
      "quota of archive: no consumer_byte_rate",
    ]);
    expect(await kafka.reconcile(next)).toEqual(last);
    expect(await refusal(produce(kafka.client("capture"), "im.events", ["x"]))).toMatch(/authoriz/i);
    await expect(kafka.reconcile(declared)).rejects.toThrow(
      /im\.events: 2 partitions, but it has 3, and none can be taken/,
    );
  });

  it("takes away what was made by hand where it lets somebody in, and leaves topics alone that nobody named", async () => {
    const { "im.other": _, ...topics } = { ...declared.topics, "im.events": { ...events, partitions: 3 } };
    const fewer = { ...declared, topics };
    const told = await kafka.reconcile(fewer);
    expect(told).toContainEqual(
      expect.objectContaining({ event: "kafka has more", what: expect.stringContaining("im.other") }),
    );
    const gone = await kafka.reconcile({ ...fewer, removedTopics: ["im.other"] });
    expect(gone).toContainEqual(expect.objectContaining({ change: "removed topic im.other with all its records" }));
  });
});

describe("metrics", () => {
  it("are told over TLS, and in no other way", async () => {
    const exposed = await kafka.metrics(node());
    const socket = connectPlain(ports.metrics, node().address);
    socket.end("GET /metrics HTTP/1.1\r\nHost: kafka\r\n\r\n");
    expect(await bytes(socket)).not.toMatch(/HTTP\/1|kafka_/);
    const missing = [...(recordedMetrics().get("kafka") ?? [])].filter(([name]) => !fromExposition(exposed).has(name));
    // Prometheus itself adds some to every target.
    expect(missing.map(([name]) => name).filter((name) => !/^(up|scrape_)/.test(name))).toEqual([]);
    recordFigure("e2e", "kafka_series", { value: exposed.match(/^[a-z]/gm)?.length ?? 0, unit: "count", n: 1 });
  });
});

describe("a volume", () => {
  it("of another cluster is not touched", async () => {
    await node().process?.end("SIGTERM");
    const before = readFileSync(`${node().data}/data/meta.properties`, "utf8");
    const process = await kafka.startNode(node(), {}, "MkU3OEVBNTcwNTJENDM2Qg");
    await eventually("the node to end", 30, () => process.ended);
    expect(process.child.exitCode).toBe(1);
    expect(process.output()).toMatch(/belongs to another Kafka cluster \(cluster\.id=5L6g3nShT-eMCtK--X86sw\)/);
    expect(readFileSync(`${node().data}/data/meta.properties`, "utf8")).toBe(before);
  });

  it("has what it had when its node starts again", async () => {
    await kafka.startNode(node());
    await kafka.listening(node());
    expect((await consume({ ...kafka.client("archive"), ...patient }, "archive.again", "im.events", 3)).sort()).toEqual(
      ["one", "three", "two"],
    );
  });
});

/** Whatever a socket says until it ends. */
function bytes(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
  });
}
