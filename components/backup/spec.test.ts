import { describe, expect, it } from "@jest/globals";
import { peerNamed } from "../network/index.ts";
import { accountsJson, bucketsWorkload, claim, storeCommand, storeWorkload } from "./spec.ts";

const peer = peerNamed("object-store", "roost");
const workload = storeWorkload({ peer, image: "versitygw@sha256:0", cpus: 0.1, memoryMiB: 256, storageGiB: 10 });
const [store] = workload.containers;

describe("the store", () => {
  it("is one, on a volume that outlives it", () => {
    expect([workload.kind, workload.replicas]).toEqual(["StatefulSet", 1]);
    expect(store?.mounts?.find(({ name }) => name === "data")?.source).toMatchObject({ storageGiB: 10, retain: true });
  });

  it("is asked over TLS whether it answers", () => {
    for (const probe of [store?.startupProbe, store?.livenessProbe, store?.readinessProbe])
      expect(probe).toMatchObject({ httpGet: { scheme: "HTTPS", port: 7070 } });
  });

  it("has its keys in files, and neither in its arguments nor in its environment", () => {
    expect(storeCommand().join(" ")).toContain("ROOT_SECRET_ACCESS_KEY </root-account/secret-access-key");
    expect(Object.keys(store?.env ?? {})).toEqual(["GOMEMLIMIT"]);
  });

  it("serves TLS alone, keeps versions, and lets nobody make accounts over the network", () => {
    const command = storeCommand().join(" ");
    for (const words of [
      "--cert /tls/tls.crt",
      "--versioning-dir /data/versions",
      "--admin-port @admin",
      "--disable-acl",
    ])
      expect(command).toContain(words);
  });
});

describe("its accounts", () => {
  it("are users without a right of their own", () => {
    expect(JSON.parse(accountsJson({ archive: "secret" }))).toEqual({
      accessAccounts: {
        archive: { access: "archive", secret: "secret", role: "user", userID: 0, groupID: 0, projectID: 0 },
      },
    });
  });
});

describe("its volume", () => {
  it("is of the class that was asked for, or of the cluster's default", () => {
    expect(claim(peer, 10, "slow").spec).toMatchObject({
      storageClassName: "slow",
      resources: { requests: { storage: "10Gi" } },
    });
    expect(claim(peer, 10, undefined).spec).not.toHaveProperty("storageClassName");
    expect(claim(peer, 10, undefined).metadata).toMatchObject({ name: "data-object-store-0" });
  });
});

describe("the Job", () => {
  it("verifies the store by the authority that it is given, or by the public ones", () => {
    const argsOf = (caConfigMap?: string) => bucketsWorkload({ peer, image: "node", caConfigMap }).containers[0]?.args;
    expect(argsOf("roost-ca")?.at(-1)).toBe("/tls/ca.crt");
    expect(argsOf()).toEqual(["/etc/roost/object-store.js.gz", "/etc/roost/object-store.json", "/root-account"]);
  });
});
