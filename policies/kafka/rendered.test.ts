/** The environment's own Kafka meets the rules: what they read is what it renders. */
import { describe, expect, it } from "@jest/globals";
import { workerFiles } from "../../components/kafka/change-capture/worker-files.ts";
import type { NodeRole } from "../../components/kafka/names.ts";
import { nodeFiles } from "../../components/kafka/node-files.ts";
import { object } from "../pack/testing.ts";
import { namespace } from "../postgres/testing.ts";
import { kafka } from "./index.ts";

const nodes: readonly (readonly [NodeRole, number, number])[] = [
  ["combined", 1, 0],
  ["broker", 3, 3],
  ["controller", 3, 3],
];

describe("the environment's own Kafka", () => {
  it.each(nodes)("meets every rule: %s", (role, brokers, controllers) => {
    const data = nodeFiles({ role, namespace: "chat", brokers, controllers, retentionHours: 24, heapMiB: 256 });
    const files = object("ConfigMap", { metadata: { name: "kafka", namespace: "chat" }, data });
    const shared = { bootstrapServers: ["kafka-0:9093"], replicas: 1, namespace: "chat", heapMiB: 256 };
    const workers = object("ConfigMap", {
      metadata: { name: "connect", namespace: "chat" },
      data: workerFiles(shared),
    });
    const stack = [namespace(brokers === 1 ? "single" : "ha"), files, workers];
    const broken: string[] = [];
    const report = (message: string) => broken.push(message);
    for (const rule of kafka) {
      if (rule.about === "stack") rule.check(stack, report);
      else {
        const subjects = [files, workers].filter((each) => rule.appliesTo(each));
        expect(subjects).toHaveLength(1);
        for (const subject of subjects) rule.check(subject, report);
      }
    }
    expect(broken).toEqual([]);
  });
});
