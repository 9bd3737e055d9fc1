import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { CertificateAuthority, Endpoint, peerNamed, Zone } from "../../network/index.ts";
import { Probe } from "./index.ts";

interface Registered {
  readonly type: string;
  readonly inputs: {
    readonly metadata?: { readonly name: string };
    readonly data?: Readonly<Record<string, string>>;
    readonly stringData?: unknown;
  };
}

const registered: Registered[] = [];

beforeEach(async () => {
  registered.length = 0;
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, inputs });
      const generated = { certPem: "certificate", certRequestPem: "request", privateKeyPem: "key" };
      return { id: name, state: type.startsWith("kubernetes:") ? inputs : { ...inputs, ...generated } };
    },
  });
});
afterEach(() => pulumi.runtime.disconnect());

class FakeService extends pulumi.ComponentResource {
  readonly url = "https://matrix.example.org";
  readonly webUrl = "https://chat.example.org";
  readonly authProvider = "oidc-company";
  readonly supports: { readonly passwords: boolean };

  constructor(passwords: boolean) {
    super("test:Service", "service");
    this.supports = { passwords };
  }

  account(name: string) {
    return { password: pulumi.secret(`password-of-${name}`) };
  }
}

async function create(passwords: boolean, authorizationEndpoint?: string): Promise<readonly Registered[]> {
  const dns = { namespace: "kube-system", podLabels: { "k8s-app": "kube-dns" }, port: 53 };
  const { scrapeTargets } = new Probe("probe", {
    zone: new Zone("chat", { namespace: "chat", dns }),
    authority: new CertificateAuthority("authority"),
    image: "node@sha256:0",
    edge: {
      inside: new Endpoint("edge-inside", { server: peerNamed("edge", "chat"), port: 8443 }),
      authorityPem: "authority of the edge",
    },
    service: new FakeService(passwords),
    domain: "example.org",
    authorizationEndpoint,
    ...{ cpus: 0.02, memoryMiB: 128 },
  });
  expect(scrapeTargets.map(({ job }) => job)).toEqual(["probe"]);
  await pulumi.runtime.disconnect();
  return registered;
}

const named = (all: readonly Registered[], kind: string, name: string) =>
  all.find(({ type, inputs }) => type.endsWith(`:${kind}`) && inputs.metadata?.name === name)?.inputs;
const configurationOf = (all: readonly Registered[]) =>
  JSON.parse(named(all, "ConfigMap", "probe-config")?.data?.["configuration.json"] ?? "{}");

describe("the probe", () => {
  it("reaches the edge, and nothing else", async () => {
    const policies = (await create(true))
      .filter(({ type }) => type.endsWith(":NetworkPolicy"))
      .map(({ inputs }) => inputs.metadata?.name ?? "")
      .filter((name) => name !== "default-deny" && name !== "allow-dns");
    expect(policies.sort()).toEqual(["edge-from-probe-8443", "probe-to-edge-8443"]);
  });

  it("has the passwords of its accounts in a Secret, and nowhere else", async () => {
    const all = await create(true);
    expect(JSON.stringify(named(all, "Secret", "probe-secrets"))).toContain("password-of-probe-b");
    expect(JSON.stringify(all.filter(({ type }) => !type.endsWith(":Secret")))).not.toContain("password-of");
  });

  it("signs in as people do where they have passwords", async () => {
    expect(configurationOf(await create(true)).signIn).toEqual({ kind: "password" });
  });

  it("goes as far as the provider where people sign in there", async () => {
    const endpoint = "https://id.example.org/realms/company/protocol/openid-connect/auth";
    expect(configurationOf(await create(false, endpoint)).signIn).toEqual({
      kind: "singleSignOn",
      provider: "oidc-company",
      redirectUrl: "https://chat.example.org/",
      authorizationEndpoint: endpoint,
    });
  });
});
