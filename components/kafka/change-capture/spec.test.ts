import { describe, expect, it } from "@jest/globals";
import { parseProperties } from "../../../policies/pack/configuration/kafka.ts";
import { capturedTables } from "../../im/index.ts";
import { workerProperties } from "./config.ts";
import { connectorConfiguration, connectorName } from "./connector.ts";
import { topicOf } from "./names.ts";
import { connectorsSpecification, workers } from "./spec.ts";

const source = {
  ...{ host: "pg-rw.roost.svc", port: 5432, database: "synapse", user: "synapse_capture" },
  ...{ publication: "synapse_capture", slot: "synapse_capture" },
};
const configuration = connectorConfiguration({ source, prefix: "synapse", tables: capturedTables });
const properties = Object.fromEntries(
  parseProperties(workerProperties({ bootstrapServers: ["kafka-0:9093", "kafka-1:9093"], replicas: 3 })),
);

describe("the connector", () => {
  it("uses the publication that was made for inserts, and never makes one", () => {
    expect(configuration).toMatchObject({
      "publication.name": "synapse_capture",
      "publication.autocreate.mode": "disabled",
    });
  });

  it("makes a slot that outlives a failover, keeps it when it stops, and takes no new one for the old", () => {
    expect(configuration).toMatchObject({
      "slot.failover": "true",
      "slot.drop.on.stop": "false",
      "offset.mismatch.strategy": "trust_offset",
      "snapshot.mode": "when_needed",
    });
  });

  it("keys both tables by their room, and reads what is there in the order in which it was written", () => {
    expect(configuration["message.key.columns"]).toBe("public.events:room_id;public.event_json:room_id");
    for (const { schema, name } of capturedTables)
      expect(configuration[`snapshot.select.statement.overrides.${schema}.${name}`]).toMatch(
        /ORDER BY (events\.)?stream_ordering$/,
      );
  });

  it("verifies the database, and holds no password", () => {
    expect(configuration).toMatchObject({
      "database.sslmode": "verify-full",
      "database.password": `\${directory:/database:password}`,
    });
  });

  it("moves the slot while nothing is captured", () => {
    expect(configuration["heartbeat.action.query"]).toBe("SELECT pg_logical_emit_message(false, 'heartbeat', '')");
    expect(configuration["message.prefix.exclude.list"]).toBe("heartbeat");
  });

  it("has another name in another generation, by which it knows nothing of the one before", () => {
    const names = [undefined, 1, 2].map((generation) =>
      connectorName({ prefix: "synapse", ...(generation && { generation }) }),
    );
    expect(names).toEqual(["synapse", "synapse", "synapse-2"]);
  });

  it("writes to topics with the names of the tables", () => {
    expect(capturedTables.map((table) => topicOf("synapse", table))).toEqual([
      "synapse.public.events",
      "synapse.public.event_json",
    ]);
  });
});

describe("a worker", () => {
  it("speaks TLS with certificates of both sides, and nothing else", () => {
    expect(properties).toMatchObject({
      listeners: "https://:8083",
      "listeners.https.ssl.client.auth": "required",
      "listeners.https.ssl.enabled.protocols": "TLSv1.3",
      "security.protocol": "SSL",
      "producer.security.protocol": "SSL",
    });
  });

  it("lets no connector lead its clients elsewhere, read other files, or make topics", () => {
    expect(properties).toMatchObject({
      "connector.client.config.override.policy": "None",
      "config.providers.directory.param.allowed.paths": "/database",
      "topic.creation.enable": "false",
    });
  });

  it("keeps the order of records, whatever fails", () => {
    expect(properties).toMatchObject({
      "producer.enable.idempotence": "true",
      "producer.max.in.flight.requests.per.connection": "1",
    });
  });

  it("is ready when it takes part, as what is beside it says", () => {
    const { containers } = workers({
      peer: { name: "kafka-connect", namespace: "roost", podLabels: {} },
      images: { "kafka-connect": "connect", node: "node" },
      ...{ replicas: 2, cpus: 0.1, memoryMiB: 640, watchers: { cpus: 0.02, memoryMiB: 128 } },
      ...{ kafkaSecret: "kafka-user-kafka-connect", databaseSecret: "pg-synapse-capture", caConfigMap: "roost-ca" },
    });
    expect(containers.map(({ readinessProbe }) => readinessProbe?.httpGet)).toEqual([
      { path: "/ready", port: 9406, scheme: "HTTPS" },
      { path: "/healthz", port: 9406, scheme: "HTTPS" },
    ]);
    expect(connectorsSpecification("roost", { source, prefix: "synapse", tables: capturedTables })).toMatchObject({
      worker: { domain: "kafka-connect.roost.svc", port: 8083 },
      connectors: { synapse: configuration },
    });
  });
});
