import { describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { registeredResources } from "../../tests/registered.ts";
import { peerNamed } from "../network/index.ts";
import type { ExternalProviderArgs } from "./external-provider.ts";
import { ExternalProvider } from "./external-provider.ts";

interface Inputs {
  readonly metadata?: { readonly name: string };
  readonly data?: object;
  readonly spec?: object;
}

const registered = registeredResources<Inputs>();

const claims = { subject: "directory_id", login: "upn", name: "name", groups: "groups" };

function providerWith(changes: Partial<ExternalProviderArgs> = {}): ExternalProvider {
  return new ExternalProvider("provider", {
    issuer: "https://login.example.org/realms/company",
    clientId: "matrix",
    clientSecret: "client-secret",
    cidrs: ["10.2.0.21/32"],
    claims,
    ...changes,
  });
}

const synapse = peerNamed("synapse", "chat");

async function ofType(type: string): Promise<Inputs[]> {
  await pulumi.runtime.disconnect();
  return registered.filter((each) => each.type.endsWith(`:${type}`)).map(({ inputs }) => inputs);
}

describe("the organisation's own identity provider", () => {
  it("says where it is itself, and keeps the client's secret one", async () => {
    const connection = providerWith().client("matrix").connect(synapse);
    expect(connection).toMatchObject({
      issuer: "https://login.example.org/realms/company",
      clientId: "matrix",
      claims,
    });
    expect(connection).not.toHaveProperty("tokenEndpoint");
    expect(connection).not.toHaveProperty("caConfigMap");
    expect(await pulumi.isSecret(connection.clientSecret)).toBe(true);
  });

  it.each([
    ["https://login.example.org/realms/company", 443],
    ["https://login.example.org:8443", 8443],
  ])("at %s lets a relying party out to its addresses and port %i alone", async (issuer, port) => {
    providerWith({ issuer }).client("matrix").connect(synapse);
    const [policy, ...others] = await ofType("NetworkPolicy");
    expect(others).toEqual([]);
    expect(policy?.spec).toMatchObject({
      egress: [{ to: [{ ipBlock: { cidr: "10.2.0.21/32" } }], ports: [{ port }] }],
    });
  });

  it("brings its own authority to where it is asked from", async () => {
    const client = providerWith({ caPem: "PEM" }).client("matrix");
    expect([client.connect(synapse).caConfigMap, client.connect(synapse).caConfigMap]).toEqual(
      Array(2).fill("identity-provider-ca"),
    );
    expect(await ofType("ConfigMap")).toMatchObject([{ data: { "ca.crt": "PEM" } }]);
  });

  it("knows no client but Matrix's", () => {
    expect(() => providerWith().client("grafana")).toThrow("grafana: no client is registered for it");
  });
});
