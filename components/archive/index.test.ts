import { describe, expect, it, jest } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { registeredResources } from "../../tests/registered.ts";
import { createObjectStore } from "../backup/index.ts";
import { Kafka } from "../kafka/index.ts";
import { CertificateAuthority, Endpoint, peerNamed, Zone } from "../network/index.ts";
import { Archive, type ArchiveArgs } from "./index.ts";

// A busy machine bundles four programs slowly.
jest.setTimeout(120_000);

const registered = registeredResources<{
  readonly metadata?: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
}>();

class FakeService extends pulumi.ComponentResource {
  readonly administration: Endpoint;

  constructor(authority: CertificateAuthority) {
    super("test:Service", "service");
    this.administration = new Endpoint("synapse", { server: peerNamed("synapse", "chat"), port: 8443, authority });
  }

  account(name: string) {
    return { password: pulumi.secret(`password-of-${name}`) };
  }
}

async function create(changed: Partial<ArchiveArgs> = {}) {
  const dns = { namespace: "kube-system", podLabels: { "k8s-app": "kube-dns" }, port: 53 };
  const zone = new Zone("chat", { namespace: "chat", dns });
  const authority = new CertificateAuthority("authority");
  const images = { kafka: "kafka@sha256:0", node: "node@sha256:0", versitygw: "versitygw@sha256:0" };
  const sizing = { cpus: 0.1, memoryMiB: 512, storageGiB: 10 };
  const shared = { zone, authority, images };
  const kafka = new Kafka("kafka", {
    ...shared,
    brokers: { ...sizing, replicas: 1, heapMiB: 200 },
    guards: { cpus: 0.1, memoryMiB: 128 },
    retentionHours: 24,
    topics: { "im.events": {} },
  });
  const store = createObjectStore("object-store", { ...shared, settings: { kind: "embedded" }, sizing }, {});
  const { scrapeTargets } = new Archive("archive", {
    ...{ zone, authority, image: images.node, kafka, topic: "im.events", store, domain: "example.org" },
    ...{ service: new FakeService(authority), maxUploadMiB: 50, cpus: 0.1, memoryMiB: 400 },
    ...changed,
  });
  expect(scrapeTargets.map(({ job }) => job)).toEqual(["archive"]);
  kafka.reconcile();
  store.reconcile();
  await pulumi.runtime.disconnect();
  return registered;
}

type All = Awaited<ReturnType<typeof create>>;
const named = (all: All, kind: string, name: string) =>
  all.find(({ type, inputs }) => type.endsWith(`:${kind}`) && inputs.metadata?.name === name)?.inputs;

describe("the archive", () => {
  it("reaches Kafka, the object store and the homeserver, and nothing else", async () => {
    const policies = (await create())
      .filter(({ type }) => type.endsWith(":NetworkPolicy"))
      .map(({ inputs }) => inputs.metadata?.name ?? "")
      .filter((name) => name.startsWith("archive-to-"));
    expect(policies.sort()).toEqual([
      "archive-to-kafka-9093",
      "archive-to-object-store-7070",
      "archive-to-synapse-8443",
    ]);
  });

  it("reads its topic, and may not write to it", async () => {
    const topics = named(await create(), "ConfigMap", "kafka-topics")?.data?.["topics.json"] ?? "{}";
    expect(JSON.parse(topics).users.archive).toEqual({ grants: [{ topic: "im.events", access: "read" }] });
  });

  it("takes nothing away from the store, unless what is old is to be removed", async () => {
    const policyOf = (all: All) => JSON.stringify(named(all, "ConfigMap", "object-store-buckets"));
    expect(policyOf(await create())).not.toContain("s3:DeleteObject");
  });

  it("may remove where what is old is to be removed, and locks what it writes", async () => {
    const all = await create({ retentionDays: 30, lock: { mode: "COMPLIANCE", days: 30 } });
    expect(JSON.stringify(named(all, "ConfigMap", "object-store-buckets"))).toContain("s3:DeleteObject");
    const { lock, retention } = JSON.parse(
      named(all, "ConfigMap", "archive-specification")?.data?.["archive.json"] ?? "{}",
    );
    expect({ lock, retention }).toEqual({ lock: { mode: "COMPLIANCE", days: 30 }, retention: { days: 30, holds: [] } });
  });

  it("is not told to remove what is still locked", async () => {
    await expect(create({ retentionDays: 10, lock: { mode: "GOVERNANCE", days: 30 } })).rejects.toThrow(
      "The archive is locked for 30 days, and kept for 10: keep it for longer, or lock less.",
    );
  });

  it("has its password in a Secret, and nowhere else", async () => {
    const all = await create();
    expect(JSON.stringify(named(all, "Secret", "archive-password"))).toContain("password-of-archive");
    expect(JSON.stringify(all.filter(({ type }) => !type.endsWith(":Secret")))).not.toContain("password-of");
  });
});
