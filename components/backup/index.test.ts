import { beforeEach, describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { registeredResources } from "../../tests/registered.ts";
import { CertificateAuthority, peerNamed, Zone } from "../network/index.ts";
import { createObjectStore, type ObjectStoreArgs } from "./index.ts";

interface Inputs {
  readonly metadata?: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
  /** As Pulumi marks what is secret. */
  readonly stringData?: { readonly value: Readonly<Record<string, string>> };
  readonly spec?: unknown;
}

const registered = registeredResources<Inputs>();

const dns = { namespace: "kube-system", podLabels: { "k8s-app": "kube-dns" }, port: 53 };
const archiver = peerNamed("archiver", "roost");
let common: Pick<ObjectStoreArgs, "zone" | "authority" | "images">;

beforeEach(() => {
  common = {
    zone: new Zone("roost", { namespace: "roost", dns }),
    authority: new CertificateAuthority("ca"),
    images: { versitygw: "versitygw@sha256:0", node: "node@sha256:0" },
  };
});

const create = (settings: ObjectStoreArgs["settings"]) =>
  createObjectStore("object-store", { ...common, settings, sizing: { cpus: 0.1, memoryMiB: 256, storageGiB: 10 } }, {});
const named = (kind: string, name: string) =>
  registered.find(({ type, inputs }) => type.endsWith(`:${kind}`) && inputs.metadata?.name === name)?.inputs;
const declared = () => JSON.parse(named("ConfigMap", "object-store-buckets")?.data?.["object-store.json"] ?? "{}");

describe("a store of the environment's own", () => {
  beforeEach(async () => {
    const store = create({ kind: "embedded" });
    const archive = store.addBucket("archive", { objectLock: true });
    const { credentialsHash, ...connection } = archive.connect(archiver, "append");
    expect(connection).toEqual({
      endpoint: "https://object-store.roost.svc:7070",
      region: "us-east-1",
      bucket: "archive",
      pathStyle: true,
      credentialsSecret: "object-store-archiver",
      caConfigMap: "roost-ca",
    });
    expect(pulumi.Output.isInstance(credentialsHash)).toBe(true);
    store.addBucket("exports").connect(archiver, "read");
    store.reconcile();
    await store.asDeclared;
    await pulumi.runtime.disconnect();
  });

  it("gives each client one account, whatever it is connected to, and tells the store of it", () => {
    const secret = "secret of object-store-archiver";
    expect(named("Secret", "object-store-archiver")?.stringData?.value).toEqual({
      "access-key-id": "archiver",
      "secret-access-key": secret,
    });
    expect(JSON.parse(named("Secret", "object-store-accounts")?.stringData?.value["users.json"] ?? "{}")).toMatchObject(
      {
        accessAccounts: { archiver: { secret, role: "user" } },
      },
    );
  });

  it("lets in its clients and the Job, each by two rules", () => {
    const policies = registered.flatMap(({ type, inputs }) =>
      type.endsWith(":NetworkPolicy") ? [inputs.metadata?.name ?? ""] : [],
    );
    expect(policies.filter((name) => name.includes("object-store")).sort()).toEqual([
      "archiver-to-object-store-7070",
      "object-store-buckets-to-object-store-7070",
      "object-store-from-archiver-7070",
      "object-store-from-object-store-buckets-7070",
    ]);
  });

  it("tells the Job what was declared, and no secret", () => {
    expect(declared()).toMatchObject({
      own: true,
      buckets: {
        archive: { objectLock: true, policy: { Statement: [{ Sid: "append" }, { Sid: "appendObjects" }] } },
        exports: { objectLock: false, policy: { Statement: [{ Sid: "read" }, { Sid: "readObjects" }] } },
      },
    });
    expect(JSON.stringify(named("ConfigMap", "object-store-buckets"))).not.toContain("secret of");
  });
});

describe("somebody else's store", () => {
  beforeEach(async () => {
    const store = create({
      ...{ kind: "external", endpoint: "https://s3.example.org:9000", cidrs: ["10.2.0.21/32"], region: "eu-central-1" },
      ...{ accessKeyId: "AKIA", secretAccessKey: "theirs", bucketPrefix: "chat-", caPem: "pem", pathStyle: false },
    });
    expect(store.addBucket("archive").connect(archiver, "append")).toMatchObject({
      ...{ endpoint: "https://s3.example.org:9000", region: "eu-central-1", bucket: "chat-archive", pathStyle: false },
      ...{ credentialsSecret: "object-store-archiver", caConfigMap: "object-store-ca" },
    });
    store.reconcile();
    await store.asDeclared;
    await pulumi.runtime.disconnect();
  });

  it("is reached with its own keys, by egress alone", () => {
    expect(named("Secret", "object-store-archiver")?.stringData?.value).toEqual({
      "access-key-id": "AKIA",
      "secret-access-key": "theirs",
    });
    expect(named("NetworkPolicy", "archiver-to-object-store-9000")?.spec).toMatchObject({
      egress: [{ to: [{ ipBlock: { cidr: "10.2.0.21/32" } }], ports: [{ port: 9000 }] }],
    });
    expect(named("NetworkPolicy", "object-store-from-archiver-9000")).toBeUndefined();
  });

  it("is told of buckets, and of no rights", () => {
    expect(declared()).toMatchObject({ own: false, buckets: { "chat-archive": { objectLock: false } } });
    expect(JSON.stringify(declared())).not.toContain("policy");
  });
});
