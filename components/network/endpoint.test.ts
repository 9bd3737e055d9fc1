import { beforeEach, describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { CertificateAuthority } from "./certificates.ts";
import { Endpoint } from "./endpoint.ts";
import { peerNamed } from "./peer.ts";

const registered: string[] = [];

beforeEach(async () => {
  registered.length = 0;
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ type, name, inputs }) => {
      const kind = type.split(":").at(-1);
      if (inputs.metadata !== undefined)
        registered.push(`${kind} ${inputs.metadata.namespace}/${inputs.metadata.name}`);
      return { id: name, state: { ...inputs, certPem: "certificate", privateKeyPem: "key" } };
    },
  });
});

const server = peerNamed("synapse", "roost");
const client = peerNamed("edge", "outer");

async function made(): Promise<string[]> {
  await pulumi.runtime.disconnect();
  return [...registered].sort();
}

describe("an endpoint", () => {
  it("opens nothing until somebody connects", async () => {
    new Endpoint("synapse", { server, port: 8448 });
    expect(await made()).toEqual(["Service roost/synapse"]);
  });

  it("makes a connection of exactly two rules, the trust that it needs, and an address", async () => {
    const authority = new CertificateAuthority("ca");
    const connection = new Endpoint("synapse", { server, port: 8448, authority }).connect(client);
    expect(connection).toEqual({ host: "synapse.roost.svc", port: 8448, caConfigMap: "roost-ca" });
    expect(await made()).toEqual([
      "ConfigMap outer/roost-ca",
      "NetworkPolicy outer/edge-to-synapse-8448",
      "NetworkPolicy roost/synapse-from-edge-8448",
      "Service roost/synapse",
    ]);
  });

  it("outside the cluster has a rule at the client only, and cannot be opened from here", async () => {
    const api = new Endpoint("api", { server: { name: "kubernetes-api", cidrs: ["10.0.0.1/32"] }, port: 6443 });
    expect(api.connect(client)).toEqual({ host: "kubernetes-api", port: 6443 });
    expect(() => api.open({ name: "users", cidrs: ["0.0.0.0/0"] })).toThrow(/cannot be opened from here/);
    expect(await made()).toEqual(["NetworkPolicy outer/edge-to-kubernetes-api-6443"]);
  });

  it("is opened to addresses outside by one rule at the server", async () => {
    const endpoint = new Endpoint("users", { server, port: 8443, host: "chat.example.org" });
    endpoint.open({ name: "users", cidrs: ["0.0.0.0/0"] });
    expect(await made()).toEqual(["NetworkPolicy roost/synapse-from-users-8443"]);
  });
});
