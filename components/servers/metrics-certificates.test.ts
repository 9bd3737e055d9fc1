import { describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { registeredResources } from "../../tests/registered.ts";
import { MetricsAuthority } from "./metrics-certificates.ts";
import { edge } from "./testing.ts";

const registered = registeredResources<Readonly<Record<string, unknown>>>();

class Parent extends pulumi.ComponentResource {
  constructor() {
    super("roost:test:Parent", "parent");
  }
}

describe("certificates of metrics", () => {
  const inputsOf = (name: string, kind: string) =>
    registered.find((each) => each.name === name && each.type.endsWith(`:${kind}`))?.inputs;

  it("are for what a machine is asked by, to serve it; and for who asks, to ask", async () => {
    const authority = new MetricsAuthority("metrics", { parent: new Parent(), protect: true });
    const identity = authority.issueFor(edge);
    expect(await Promise.all([pulumi.isSecret(identity), pulumi.isSecret(authority.client)])).toEqual([true, true]);
    await pulumi.runtime.disconnect();
    expect(inputsOf("metrics-server-edge-1", "CertRequest")).toMatchObject({
      subject: { commonName: "edge-1" },
      dnsNames: ["edge-1", `edge-1.${edge.domain}`],
      ipAddresses: ["10.1.0.61"],
    });
    expect(inputsOf("metrics-server-edge-1", "LocallySignedCert")).toMatchObject({
      allowedUses: ["digital_signature", "server_auth"],
      validityPeriodHours: 397 * 24,
      earlyRenewalHours: 60 * 24,
    });
    expect(inputsOf("metrics-client", "LocallySignedCert")).toMatchObject({
      allowedUses: ["digital_signature", "client_auth"],
    });
  });
});
