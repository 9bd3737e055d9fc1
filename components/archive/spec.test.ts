import { describe, expect, it } from "@jest/globals";
import { createMetrics } from "../../services/archive/metrics.ts";
import { peerNamed } from "../network/index.ts";
import { fromExposition, recordedMetrics } from "../observability/metrics/recorded.ts";
import { archiveSpecification, archiveWorkload } from "./spec.ts";

const store = {
  endpoint: "https://object-store.roost.svc:7070",
  region: "us-east-1",
  bucket: "archive",
  pathStyle: true,
};
const args = {
  ...{ bootstrapServers: ["kafka-0.kafka.roost.svc:9093"], topic: "im.events", store },
  homeserver: { host: "synapse.roost.svc", port: 8443 },
  ...{ retention: { holds: [] }, domain: "example.org", maxUploadMiB: 50 },
};
const workload = {
  peer: peerNamed("archive", "roost"),
  ...{ image: "node@sha256:0", cpus: 0.1, memoryMiB: 400, kafkaSecret: "kafka-user-archive" },
  ...{ storeSecret: "object-store-archive", homeserverCaConfigMap: "roost-ca" },
};

describe("what the program is told", () => {
  it("is where all is, and holds no secret", () => {
    const specification = archiveSpecification({ ...args, store: { ...store, caConfigMap: "roost-ca" } });
    expect(specification).toMatchObject({
      bucket: { ...store, accountFolder: "/store", caFile: "/store-authority/ca.crt" },
      homeserver: { url: "https://synapse.roost.svc:8443", serverName: "example.org", maxMediaBytes: 52_428_800 },
    });
    expect(specification).not.toHaveProperty("lock");
    expect(specification.bucket).not.toHaveProperty("caConfigMap");
  });

  it("has no authority where the store's is a public one, and a lock where there is one", () => {
    const lock = { mode: "COMPLIANCE", days: 30 } as const;
    const specification = archiveSpecification({ ...args, lock });
    expect(specification.bucket).not.toHaveProperty("caFile");
    expect(specification.lock).toEqual(lock);
  });

  it("has batches written soon enough for what is sent to be archived within a minute", () => {
    expect(archiveSpecification(args).batch.ageSeconds).toBeLessThan(30);
  });
});

describe("the pod", () => {
  const mountsOf = (spec: ReturnType<typeof archiveWorkload>) =>
    spec.containers.flatMap(({ mounts = [] }) => mounts.map(({ path, source }) => [path, Object.values(source)[1]]));

  it("is one, which no other replaces before it has ended", () => {
    expect(archiveWorkload(workload)).toMatchObject({ kind: "StatefulSet", replicas: 1 });
  });

  it("has each of its accounts in a folder of its own", () => {
    const mounts = Object.fromEntries(mountsOf(archiveWorkload({ ...workload, storeCaConfigMap: "roost-ca" })));
    expect(mounts).toMatchObject({
      "/kafka": "kafka-user-archive",
      "/store": "object-store-archive",
      "/store-authority": "roost-ca",
      "/homeserver": "roost-ca",
      "/password": "archive-password",
    });
    expect(mountsOf(archiveWorkload(workload)).map(([path]) => path)).not.toContain("/store-authority");
  });

  it("leaves memory for files beside its heap", () => {
    const [container] = archiveWorkload(workload).containers;
    expect(container?.args?.[0]).toBe("--max-old-space-size=160");
  });
});

describe("what the program tells", () => {
  it("is what rules were written by", async () => {
    const { registry, gaps, media } = createMetrics();
    gaps.set({ partition: 0 }, 1);
    media.inc({ result: "missing" });
    const told = fromExposition(await registry.metrics());
    const recorded = [...(recordedMetrics().get("archive") ?? [])].filter(([name]) => name.startsWith("archive_"));
    expect(new Map(recorded)).toEqual(told);
  });
});
