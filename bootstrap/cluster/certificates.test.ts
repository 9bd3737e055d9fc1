import { createPrivateKey, X509Certificate } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { certificateRequests, ensureCertificates } from "./certificates.ts";
import { site } from "./site.ts";

const data = mkdtempSync(join(tmpdir(), "roost-certificates-"));
const here = site(data);
const file = (name: string) => readFileSync(join(here.folder, "pki", name));

beforeAll(() => ensureCertificates(here), 60_000);
afterAll(() => rmSync(data, { recursive: true }));

describe("the cluster's certificates", () => {
  it("are issued by their authority, each for its own key", () => {
    for (const { name, authority } of certificateRequests(here)) {
      const certificate = new X509Certificate(file(`${name}.crt`));
      expect(certificate.checkIssued(new X509Certificate(file(`${authority}-ca.crt`)))).toBe(true);
      expect(certificate.checkPrivateKey(createPrivateKey(file(`${name}.key`)))).toBe(true);
    }
  });

  it("stay as they are when nothing is wrong with them", async () => {
    const before = file("kube-apiserver.crt");
    await ensureCertificates(here);
    expect(file("kube-apiserver.crt")).toEqual(before);
  });

  it("are issued again after an interruption between a new key and its certificate", async () => {
    const others = file("etcd.crt");
    copyFileSync(join(here.folder, "pki", "etcd.key"), join(here.folder, "pki", "kube-apiserver.key"));
    await ensureCertificates(here);
    const certificate = new X509Certificate(file("kube-apiserver.crt"));
    expect(certificate.checkPrivateKey(createPrivateKey(file("kube-apiserver.key")))).toBe(true);
    expect(file("etcd.crt")).toEqual(others);
  });
});
