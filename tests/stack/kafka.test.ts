/** The shipped stacks with Kafka in them. */
import { beforeAll, describe, expect, it, jest } from "@jest/globals";
import { z } from "zod";
import { shippedConfiguration } from "../policies/configuration.ts";
import { brokenPolicies } from "./broken-policies.ts";
import { containersOf, nameOf, objectsOf, workloadsOf } from "./objects.ts";
import type { Stack } from "./stack.ts";
import { runStack } from "./stack.ts";
import { itIsWired } from "./wiring.ts";

jest.setTimeout(120_000);

const topicsMap = z.object({ data: z.object({ "topics.json": z.string() }) });
const clusterRoles = z.object({
  spec: z.object({
    managed: z.object({ roles: z.array(z.object({ name: z.string(), replication: z.boolean() })) }),
    postgresql: z.object({ pg_hba: z.array(z.string()) }),
  }),
});
const siem = { read: ["im.events"], namespace: "siem", podLabels: { app: "siem" }, consumerKiBPerSecond: 512 };
const kafka = {
  kind: "embedded",
  topics: { "im.events": { partitions: 6, retentionHours: 720 } },
  users: { siem },
};

describe.each([
  ["dev", ["StatefulSet roost/kafka"], ["data-kafka-0"]],
  [
    "prod",
    ["StatefulSet roost/kafka", "StatefulSet roost/kafka-controller"],
    [0, 1, 2].flatMap((n) => [`data-kafka-${n}`, `data-kafka-controller-${n}`]),
  ],
] as const)("the stack %s with Kafka", (name, sets, claims) => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await runStack(name, { kafka });
  });

  it("meets the policies", () => {
    expect(brokenPolicies(stack, shippedConfiguration(name))).toEqual([]);
  });

  it("has its nodes, and a volume for each that the stack itself can make larger", () => {
    const names = objectsOf(stack.registered).map(nameOf);
    expect(names.filter((each) => /^StatefulSet .*\/kafka/.test(each))).toEqual(expect.arrayContaining([...sets]));
    const volumes = stack.registered.filter(({ name: each }) => /^data-kafka/.test(each));
    expect(volumes.map((each) => each.name).sort()).toEqual([...claims].sort());
    const production = name === "prod";
    for (const each of volumes) expect([each.protect, each.retainOnDelete]).toEqual([production, production]);
    const id = stack.registered.find(({ type }) => type === "random:index/randomId:RandomId");
    expect([id?.protect, id?.inputs]).toEqual([
      production,
      expect.objectContaining({ keepers: { quorum: production ? "apart" : "combined" } }),
    ]);
  });

  it("lets in whom the settings name, the brokers, the reconciler and Prometheus, and nobody else", () => {
    const names = objectsOf(stack.registered).map(nameOf);
    const quorum =
      name === "dev" ? [] : ["kafka-controller-from-kafka-9095", "kafka-controller-from-kafka-controller-9095"];
    const metrics = name === "dev" ? [] : ["kafka-controller-from-prometheus-9404"];
    expect(names.filter((each) => /^NetworkPolicy roost\/kafka(-controller)?-from-/.test(each)).sort()).toEqual(
      [
        ...(name === "dev" ? ["kafka-from-kafka-9095"] : quorum),
        ...metrics,
        "kafka-from-kafka-9094",
        "kafka-from-kafka-topics-9093",
        "kafka-from-prometheus-9404",
        "kafka-from-user-siem-9093",
      ]
        .map((each) => `NetworkPolicy roost/${each}`)
        .sort(),
    );
  });

  it("declares topics, rights and quotas", () => {
    const map = stack.registered.find(({ name: each, type }) => each === "kafka-topics" && type.endsWith(":ConfigMap"));
    const { data } = topicsMap.parse(map?.inputs);
    expect(JSON.parse(data["topics.json"])).toMatchObject({
      topics: {
        "im.events": {
          partitions: 6,
          replicas: name === "dev" ? 1 : 3,
          configuration: { "retention.ms": "2592000000" },
        },
      },
      users: { siem: { grants: [{ topic: "im.events", access: "read" }], quota: { consumerBytesPerSecond: 524_288 } } },
    });
  });

  it("has a guard beside each broker, that is asked before the broker stops", () => {
    const [brokers] = workloadsOf(stack.registered).filter(({ metadata }) => metadata.name === "kafka");
    const [node, guard] = brokers === undefined ? [] : containersOf(brokers);
    expect([node?.name, guard?.name]).toEqual(["kafka", "guard"]);
    expect(node).toMatchObject({ lifecycle: { preStop: { httpGet: { path: "/stop", port: 9405, scheme: "HTTPS" } } } });
  });
});

describe("a stack with Kafka that only its own parts use", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await runStack("dev", { kafka: { ...kafka, users: {} } });
  });

  itIsWired(() => stack);
});

describe.each([
  ["dev", 1],
  ["prod", 2],
] as const)("the stack %s with change capture", (name, workers) => {
  let stack: Stack;

  beforeAll(async () => {
    const reader = { ...siem, read: ["synapse.public.event_json"] };
    const topics = { "tickets.opened": {} };
    stack = await runStack(name, {
      kafka: { ...kafka, topics, changeCapture: { kind: "on" }, users: { siem: reader } },
    });
  });

  it("meets the policies", () => {
    expect(brokenPolicies(stack, shippedConfiguration(name))).toEqual([]);
  });

  it("has its workers, which start when topics, publication and rights are there", () => {
    const [connect] = workloadsOf(stack.registered).filter(({ metadata }) => metadata.name === "kafka-connect");
    expect(connect).toMatchObject({ kind: "StatefulSet", spec: { replicas: workers } });
    expect((connect === undefined ? [] : containersOf(connect)).map((each) => each.name)).toEqual([
      "connect",
      "connectors",
    ]);
  });

  it("publishes inserts of two tables alone, and gives their reader a role that may replicate", () => {
    const publication = stack.registered.find(({ type }) => type.endsWith(":Publication"));
    expect(publication?.inputs).toMatchObject({
      spec: {
        dbname: "synapse",
        name: "synapse_capture",
        parameters: { publish: "insert" },
        target: {
          objects: [
            { table: { schema: "public", name: "events" } },
            { table: { schema: "public", name: "event_json" } },
          ],
        },
      },
    });
    const cluster = stack.registered.find(({ type }) => type.endsWith(":Cluster"));
    const { spec } = clusterRoles.parse(cluster?.inputs);
    expect(spec.managed.roles.filter(({ replication }) => replication).map((role) => role.name)).toEqual([
      "synapse_capture",
    ]);
    expect(spec.postgresql.pg_hba).toContain("hostssl synapse synapse_capture all scram-sha-256");
  });

  it("lets nobody reach the workers but each other and Prometheus, and them no more than Kafka and the database", () => {
    const policies = objectsOf(stack.registered)
      .map(nameOf)
      .filter((each) => /^NetworkPolicy roost\/kafka-connect-/.test(each));
    expect(policies.sort()).toEqual(
      [
        "kafka-connect-from-kafka-connect-8083",
        "kafka-connect-from-prometheus-9404",
        "kafka-connect-from-prometheus-9406",
        "kafka-connect-to-kafka-9093",
        "kafka-connect-to-kafka-connect-8083",
        "kafka-connect-to-pg-5432",
      ].map((each) => `NetworkPolicy roost/${each}`),
    );
  });

  it("makes events out of what is captured, by a program that reaches Kafka alone", () => {
    const [maker] = workloadsOf(stack.registered).filter(({ metadata }) => metadata.name === "im-events");
    expect(maker).toMatchObject({ kind: "StatefulSet", spec: { replicas: workers } });
    const policies = objectsOf(stack.registered).map(nameOf);
    expect(policies.filter((each) => /^NetworkPolicy roost\/im-events-/.test(each)).sort()).toEqual([
      "NetworkPolicy roost/im-events-from-prometheus-9408",
      "NetworkPolicy roost/im-events-to-kafka-9093",
    ]);
  });

  it("declares the topics of the tables and of the workers, and lets the workers write and others read", () => {
    const map = stack.registered.find(({ name: each, type }) => each === "kafka-topics" && type.endsWith(":ConfigMap"));
    const { topics, users } = JSON.parse(topicsMap.parse(map?.inputs).data["topics.json"]);
    expect(Object.keys(topics).sort()).toEqual([
      "heartbeat.synapse",
      "im.events",
      "im.events.dead-letter",
      "kafka-connect.configs",
      "kafka-connect.offsets",
      "kafka-connect.status",
      "synapse.public.event_json",
      "synapse.public.events",
      "tickets.opened",
    ]);
    expect(topics["kafka-connect.offsets"]).toMatchObject({ configuration: { "cleanup.policy": "compact" } });
    expect(users.siem.grants).toEqual([{ topic: "synapse.public.event_json", access: "read" }]);
    expect(users["im-events"].grants).toEqual([
      { topic: "synapse.public.event_json", access: "read" },
      { topic: "im.events", access: "write" },
      { topic: "im.events.dead-letter", access: "write" },
    ]);
    const reads = users["kafka-connect"].grants.filter(({ access }: { readonly access: string }) => access === "read");
    expect(reads.map(({ topic }: { readonly topic: string }) => topic)).toEqual([
      "kafka-connect.configs",
      "kafka-connect.offsets",
      "kafka-connect.status",
    ]);
  });
});

describe("a stack with change capture that nobody reads yet", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await runStack("dev", { kafka: { kind: "embedded", changeCapture: { kind: "on" } } });
  });

  itIsWired(() => stack);
});

describe.each(["dev", "prod"] as const)("the stack %s with bursts", (name) => {
  let stack: Stack;

  beforeAll(async () => {
    const alerts = { namespace: "monitoring", podLabels: { app: "alerts" }, messagesPerSecond: 5, share: 3 };
    const senders = { alerts, import: { namespace: "migration", podLabels: { app: "import" } } };
    stack = await runStack(name, { kafka: { kind: "embedded", bulk: { kind: "on", senders } } });
  });

  it("meets the policies", () => {
    expect(brokenPolicies(stack, shippedConfiguration(name))).toEqual([]);
  });

  it("lets each sender write to its own topic alone, and no more than the program read it", () => {
    const map = stack.registered.find(({ name: each, type }) => each === "kafka-topics" && type.endsWith(":ConfigMap"));
    const { topics, users } = JSON.parse(topicsMap.parse(map?.inputs).data["topics.json"]);
    expect(Object.keys(topics).sort()).toEqual(["im.bulk.alerts", "im.bulk.dead-letter", "im.bulk.import"]);
    expect(topics["im.bulk.alerts"]).toMatchObject({ partitions: 1 });
    expect(users["bulk-alerts"]).toEqual({
      grants: [{ topic: "im.bulk.alerts", access: "write" }],
      quota: { producerBytesPerSecond: 1_048_576 },
    });
    expect(users["im-bulk"].grants).toEqual([
      { topic: "im.bulk.alerts", access: "read" },
      { topic: "im.bulk.import", access: "read" },
      { topic: "im.bulk.dead-letter", access: "write" },
    ]);
  });

  it("lets the program reach Kafka and the homeserver alone, and Prometheus the program", () => {
    const policies = objectsOf(stack.registered)
      .map(nameOf)
      .filter((each) => /^NetworkPolicy roost\/im-bulk-/.test(each));
    expect(policies.sort()).toEqual(
      ["im-bulk-from-prometheus-9409", "im-bulk-to-kafka-9093", "im-bulk-to-synapse-8443"].map(
        (each) => `NetworkPolicy roost/${each}`,
      ),
    );
  });

  it("gives the sender its certificate where its pods are", () => {
    expect(objectsOf(stack.registered).map(nameOf)).toEqual(
      expect.arrayContaining(["Secret monitoring/kafka-user-bulk-alerts", "Secret migration/kafka-user-bulk-import"]),
    );
  });
});

describe("a stack without Kafka", () => {
  it("has nothing of it", async () => {
    const { registered } = await runStack("dev");
    expect(registered.filter(({ name }) => name.includes("kafka")).map(({ name }) => name)).toEqual([]);
  });
});
