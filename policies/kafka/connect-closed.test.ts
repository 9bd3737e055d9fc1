import { describe } from "@jest/globals";
import { workerFiles } from "../../components/kafka/change-capture/worker-files.ts";
import { itJudges, object } from "../pack/testing.ts";
import { connectClosed } from "./connect-closed.ts";
import { others } from "./testing.ts";

const metadata = { name: "kafka-connect", namespace: "chat" };
const closed = {
  "config.storage.topic": "configs",
  listeners: "https://:8083",
  "listeners.https.ssl.client.auth": "required",
  "connector.client.config.override.policy": "None",
};

function worker(properties: Readonly<Record<string, string>>) {
  const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}`);
  return object("ConfigMap", { metadata, data: { "worker.properties": lines.join("\n") } });
}

describe("kafka-connect-closed", () => {
  itJudges(connectClosed, {
    passes: {
      "certificates of both sides": worker(closed),
      "the environment's own": object("ConfigMap", {
        metadata,
        data: workerFiles({ namespace: "chat", bootstrapServers: ["kafka-0:9093"], replicas: 1, heapMiB: 256 }),
      }),
    },
    fails: {
      "Kafka's default": [
        worker({ "config.storage.topic": "configs" }),
        "has a listener http://:8083, which is no TLS",
        "asks for no certificate",
        "lets a connector use other accounts",
      ],
      "a plain listener for administration": [
        worker({ ...closed, "admin.listeners": "http://:8084" }),
        "http://:8084, which is no TLS",
      ],
    },
    ignores: others,
  });
});
