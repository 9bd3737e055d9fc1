import { describe, expect, it } from "@jest/globals";
import { peerNamed } from "../../network/index.ts";
import { bulkSpecification, bulkWorkload } from "./spec.ts";

const homeserver = {
  engine: "matrix",
  url: "https://synapse.chat.svc:8443",
  domain: "example.org",
  prefix: "_bulk_",
} as const;

describe("what the program is told", () => {
  const senders = { alerts: { displayName: "Alerts", share: 3 }, import: { share: 1, messagesPerSecond: 5 } };
  const specification = bulkSpecification({
    ...{ bootstrapServers: ["kafka-0:9093"], homeserver, senders, messagesPerSecond: 20, targetLatencyMs: 200 },
  });

  it("is a topic and an account for each sender, by its name", () => {
    expect(specification.senders).toEqual({
      alerts: { topic: "im.bulk.alerts", localpart: "_bulk_alerts", displayName: "Alerts", share: 3 },
      import: {
        ...{ topic: "im.bulk.import", localpart: "_bulk_import", displayName: "import" },
        ...{ share: 1, messagesPerSecond: 5 },
      },
    });
  });

  it("holds no secret, only where it lies", () => {
    expect(specification.homeserver).toMatchObject({ url: homeserver.url, tokenFile: "/token/token" });
  });
});

describe("its pod", () => {
  const peer = peerNamed("im-bulk", "chat");
  const spec = bulkWorkload({
    ...{ peer, image: "node@sha256:1", cpus: 0.05, memoryMiB: 256 },
    ...{ accountSecret: "kafka-user-im-bulk", homeserverAuthority: "ca" },
  });

  it("is one, and moves to another node when its own is gone", () => {
    expect(spec).toMatchObject({ kind: "Deployment", replicas: 1 });
  });

  it("collects garbage before it would be stopped for its memory", () => {
    expect(spec.containers[0]?.args).toContain("--max-old-space-size=176");
  });
});
