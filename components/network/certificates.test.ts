import { describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { registeredResources } from "../../tests/registered.ts";
import { CertificateAuthority, fingerprint } from "./certificates.ts";

type Inputs = Readonly<Record<string, unknown>>;

const registered = registeredResources<Inputs>();

async function inputsOf(name: string, kind: string): Promise<Inputs | undefined> {
  await pulumi.runtime.disconnect();
  return registered.find((each) => each.name === name && each.type.endsWith(`:${kind}`))?.inputs;
}

describe("a fingerprint", () => {
  it("is the same for the same text, another for another, and short enough for an annotation", () => {
    expect(fingerprint("a")).toBe(fingerprint("a"));
    expect(fingerprint("a")).not.toBe(fingerprint("b"));
    expect(fingerprint("a")).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe("the authority", () => {
  it("lives for ten years, and is renewed while all that it has issued is still valid", async () => {
    new CertificateAuthority("ca");
    expect(await inputsOf("ca-certificate", "SelfSignedCert")).toMatchObject({
      isCaCertificate: true,
      allowedUses: ["cert_signing", "crl_signing"],
      validityPeriodHours: 3650 * 24,
      earlyRenewalHours: 2 * 397 * 24,
    });
  });

  it("issues certificates for servers that browsers accept, renewed 60 days before they end", async () => {
    new CertificateAuthority("ca").issue("web", { namespace: "roost", dnsNames: ["web.roost.svc"] });
    expect(await inputsOf("web-certificate", "LocallySignedCert")).toMatchObject({
      allowedUses: ["digital_signature", "server_auth"],
      validityPeriodHours: 397 * 24,
      earlyRenewalHours: 60 * 24,
    });
    expect(await inputsOf("web-request", "CertRequest")).toMatchObject({
      dnsNames: ["web.roost.svc"],
      subject: { commonName: "web.roost.svc" },
    });
  });

  it("issues certificates for clients under the name that PostgreSQL takes for the user", async () => {
    const uses = ["client"] as const;
    new CertificateAuthority("ca").issue("user", { namespace: "roost", dnsNames: [], commonName: "synapse", uses });
    expect(await inputsOf("user-certificate", "LocallySignedCert")).toMatchObject({
      allowedUses: ["digital_signature", "client_auth"],
    });
    expect(await inputsOf("user-request", "CertRequest")).toMatchObject({ subject: { commonName: "synapse" } });
  });

  it("tells by a hash when a certificate is another", async () => {
    const { hash } = new CertificateAuthority("ca").issue("web", { namespace: "roost", dnsNames: ["web"] });
    expect(await new Promise((resolve) => hash.apply(resolve))).toBe(fingerprint("certificate of web-certificate"));
    await pulumi.runtime.disconnect();
  });

  it("puts its own certificate into a namespace once, without its key", async () => {
    const authority = new CertificateAuthority("ca");
    expect([authority.bundle("roost"), authority.bundle("roost"), authority.bundle("other")]).toEqual([
      "roost-ca",
      "roost-ca",
      "roost-ca",
    ]);
    await pulumi.runtime.disconnect();
    const bundles = registered.filter(({ type }) => type.endsWith(":ConfigMap"));
    expect(bundles.map(({ inputs }) => inputs.data)).toEqual([
      { "ca.crt": "certificate of ca-certificate" },
      { "ca.crt": "certificate of ca-certificate" },
    ]);
  });
});
