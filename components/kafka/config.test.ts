import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseProperties } from "../../policies/pack/configuration/kafka.ts";
import { clientProperties, quorumVoters, replication, serverProperties } from "./config.ts";
import { clusterIdOf, commonNameOf } from "./names.ts";
import { startScript } from "./start-script.ts";
import { topicSpecification } from "./topic.ts";

const ha = { namespace: "roost", brokers: 3, controllers: 3, retentionHours: 168, heapMiB: 416 };
const single = { namespace: "roost", brokers: 1, controllers: 0, retentionHours: 12, heapMiB: 4096 };
const properties = (args: Parameters<typeof serverProperties>[0]) =>
  Object.fromEntries(parseProperties(serverProperties(args)));

describe("a node's configuration", () => {
  it("is one node that is all", () => {
    expect(properties({ ...single, role: "combined" })).toMatchObject({
      "process.roles": "broker,controller",
      listeners: "CLIENT://:9093,BROKER://:9094,CONTROLLER://:9095",
      "controller.quorum.voters": "0@kafka-0.kafka.roost.svc:9095",
      "default.replication.factor": "1",
      "min.insync.replicas": "1",
      "log.roll.hours": "12",
      "log.cleaner.dedupe.buffer.size": `${128 * 2 ** 20}`,
    });
  });

  it("is a broker, or a controller, beside others", () => {
    expect(properties({ ...ha, role: "broker" })).toMatchObject({
      "process.roles": "broker",
      listeners: "CLIENT://:9093,BROKER://:9094",
      "default.replication.factor": "3",
      "min.insync.replicas": "2",
      "offsets.topic.replication.factor": "3",
      "unclean.leader.election.enable": "false",
      "auto.create.topics.enable": "false",
      "log.cleaner.dedupe.buffer.size": `${26 * 2 ** 20}`,
    });
    expect(properties({ ...ha, role: "controller" })).toMatchObject({
      "process.roles": "controller",
      listeners: "CONTROLLER://:9095",
    });
    expect(quorumVoters(ha)).toEqual(
      [0, 1, 2].map((n) => `${1000 + n}@kafka-controller-${n}.kafka-controller.roost.svc:9095`),
    );
  });

  it("takes the name out of a certificate of Kafka's own form, and of no other", () => {
    const { "ssl.principal.mapping.rules": rules = "" } = properties({ ...ha, role: "broker" });
    const [, pattern = ""] = /^RULE:(.*)\/\$1\/,DEFAULT$/.exec(rules) ?? [];
    const principal = (subject: string) => new RegExp(`^(?:${pattern})$`).exec(subject)?.[1];
    expect(principal(`CN=${commonNameOf("archive")},O=Roost`)).toBe("archive");
    for (const other of [
      "CN=streaming_replica,O=Roost",
      "CN=kafka,O=Roost",
      "CN=a.kafka.roost.svc,O=Roost",
      "O=x,CN=kafka.kafka,O=Roost",
    ])
      expect(principal(other)).toBeUndefined();
  });

  it("gives tools what they need, and no rights of their own", () => {
    expect(Object.fromEntries(parseProperties(clientProperties))).toMatchObject({
      "security.protocol": "SSL",
      "ssl.keystore.location": "/tls/keystore.pem",
    });
    expect(clientProperties).not.toContain("super.users");
  });

  it("has as many copies as there are brokers for", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), (brokers) => {
        const { factor, inSync } = replication({ brokers });
        expect(factor).toBeLessThanOrEqual(brokers);
        expect(inSync).toBeLessThanOrEqual(factor);
        if (brokers >= 3) expect(factor - inSync).toBe(1);
      }),
    );
  });
});

describe("a node's start", () => {
  it("formats an empty volume alone, and refuses that of another cluster or node", () => {
    const script = startScript({ role: "controller", namespace: "roost", heapMiB: 208 });
    expect(script).toContain("node.id=$((1000 + number))");
    expect(script).not.toContain("advertised.listeners");
    expect(script.indexOf("belongs to another Kafka cluster")).toBeLessThan(script.indexOf("kafka.tools.StorageTool"));
    expect(script).toContain("-Xmx208m");
  });

  it("advertises a broker by its own name, and says in which rack it is", () => {
    const script = startScript({ role: "broker", namespace: "roost", heapMiB: 208 });
    expect(script).toContain("advertised.listeners=CLIENT://$host:9093,BROKER://$host:9094");
    expect(script).toMatch(/broker\.rack=\$\{ZONE:-\$NODE\}/);
  });
});

describe("a cluster's id", () => {
  it("never begins with a hyphen, and keeps its length", () => {
    expect(clusterIdOf("-L6g3nShT-eMCtK--X86sw")).toBe("AL6g3nShT-eMCtK--X86sw");
    expect(clusterIdOf("5L6g3nShT-eMCtK--X86sw")).toBe("5L6g3nShT-eMCtK--X86sw");
  });
});

describe("a topic", () => {
  it("has its retention and as many copies as writes need, whatever else is set", () => {
    const configuration = { "cleanup.policy": "compact" };
    expect(topicSpecification({ partitions: 6, retentionHours: 2, configuration }, 3)).toEqual({
      partitions: 6,
      replicas: 3,
      configuration: { "cleanup.policy": "compact", "retention.ms": "7200000", "min.insync.replicas": "2" },
    });
    expect(topicSpecification({}, 1)).toEqual({
      partitions: 3,
      replicas: 1,
      configuration: { "min.insync.replicas": "1" },
    });
  });
});
