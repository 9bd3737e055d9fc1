import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import type { Peer } from "../../network/index.ts";
import { CertificateAuthority, Endpoint, peerNamed, Zone } from "../../network/index.ts";
import { createImService } from "../index.ts";
import type { DatabaseConnection, MatrixArgs } from "./index.ts";
import { Matrix } from "./index.ts";
import { oidcConnection, settings, signInRules, sizing } from "./testing.ts";

interface Inputs {
  readonly metadata?: { readonly name: string; readonly namespace?: string };
  readonly data?: Record<string, string>;
  readonly stringData?: unknown;
  readonly spec?: {
    readonly template?: { readonly metadata?: { readonly annotations?: Record<string, string> } };
    readonly egress?: readonly { readonly to?: readonly { readonly ipBlock?: { readonly cidr: string } }[] }[];
  };
}

interface Registered {
  readonly type: string;
  readonly inputs: Inputs;
}

const registered: Registered[] = [];
/** What the random provider makes, by resource; tests change it as a replacement would. */
const generated = new Map<string, string>();

beforeEach(async () => {
  registered.length = 0;
  generated.clear();
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, inputs });
      const result = generated.get(name) ?? `secret-of-${name}`;
      const certificate = { certPem: `certificate-of-${name}`, certRequestPem: "request", privateKeyPem: "key" };
      const state = { ...inputs, ...certificate, result, base64: Buffer.alloc(32, name).toString("base64") };
      return { id: name, state: type.startsWith("kubernetes:") ? inputs : state };
    },
  });
});
afterEach(() => pulumi.runtime.disconnect());

class FakeDatabase extends pulumi.ComponentResource {
  private readonly endpoint: Endpoint;

  constructor() {
    super("test:Database", "database");
    const server = peerNamed("pg", "chat");
    this.endpoint = new Endpoint("pg", { server, port: 5432, host: "pg-rw.chat.svc" }, { parent: this });
    this.registerOutputs({});
  }

  connect(client: Peer): DatabaseConnection {
    const { host, port } = this.endpoint.connect(client);
    const password = pulumi.secret("database-password");
    return { host, port, database: "synapse", user: "synapse", password, caConfigMap: "roost-ca" };
  }
}

const dns = { namespace: "kube-system", podLabels: { "k8s-app": "kube-dns" }, port: 53 };

function argsWith(changes: Partial<MatrixArgs> = {}): MatrixArgs {
  return {
    zone: new Zone("chat", { namespace: "chat", dns }),
    images: { synapse: "synapse@sha256:0", web: "web@sha256:0" },
    authority: new CertificateAuthority("authority"),
    database: new FakeDatabase(),
    domain: "example.org",
    users: 100,
    settings,
    sizing: { synapse: sizing, web: { replicas: 1, cpus: 0.05, memoryMiB: 64 } },
    ...changes,
  };
}

async function everything(): Promise<readonly Registered[]> {
  await pulumi.runtime.disconnect();
  return registered;
}

async function inputsOf(kind: string, name: string): Promise<Inputs> {
  const found = (await everything()).find(
    ({ type, inputs }) => type.endsWith(`:${kind}`) && inputs.metadata?.name === name,
  );
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found.inputs;
}

async function hashOf(kind: string, name: string): Promise<string | undefined> {
  const { spec } = await inputsOf(kind, name);
  return spec?.template?.metadata?.annotations?.["roost/config-hash"];
}

function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

describe("Matrix", () => {
  it("opens exactly Synapse to PostgreSQL and the administrator's Job to Synapse; the edge connects by itself", async () => {
    new Matrix("im", argsWith());
    const policies = (await everything())
      .filter(({ type }) => type.endsWith(":NetworkPolicy"))
      .map(({ inputs }) => inputs.metadata?.name)
      .filter((name) => name !== "default-deny" && name !== "allow-dns");
    expect(policies.toSorted()).toEqual([
      "pg-from-synapse-5432",
      "synapse-administrator-to-synapse-8443",
      "synapse-from-synapse-administrator-8443",
      "synapse-to-pg-5432",
    ]);
  });

  it("lets Synapse out to public pages only when previews are on, and to no address inside", async () => {
    const urlPreviews = { kind: "fenced", blockedCidrs: [], maxPageMiB: 10 } as const;
    new Matrix("im", argsWith({ settings: { ...settings, urlPreviews } }));
    const { spec } = await inputsOf("NetworkPolicy", "synapse-to-public-pages-443");
    const cidrs = spec?.egress?.flatMap(({ to }) => (to ?? []).map(({ ipBlock }) => ipBlock?.cidr));
    expect(cidrs).toContain("8.0.0.0/7");
    expect(cidrs).not.toContain("10.0.0.0/8");
    expect(cidrs).not.toContain("0.0.0.0/0");
  });

  it("puts the database's password and the pepper into the Secret, and into no ConfigMap", async () => {
    new Matrix("im", argsWith());
    const configMaps = (await everything()).filter(({ type }) => type.endsWith(":ConfigMap"));
    expect(configMaps.length).toBeGreaterThan(2);
    expect(JSON.stringify(configMaps)).not.toMatch(/database-password|secret-of-/);
    const { stringData } = await inputsOf("Secret", "synapse-secrets");
    const contents = JSON.stringify(stringData);
    expect(contents).toContain("database-password");
    expect(contents).toContain("secret-of-synapse-pepper");
    expect(contents).toMatch(/ed25519 a_1 [A-Za-z0-9+/]{43}\\n/);
  });

  it("makes accounts of robots, which are no administrators", async () => {
    const matrix = new Matrix("im", argsWith({ robots: ["probe-a"] }));
    expect(matrix.robots).toEqual([matrix.account("probe-a")]);
    expect(matrix.account("probe-a").user).toBe("@probe-a:example.org");
    const { spec } = await inputsOf("Job", "synapse-probe-a");
    expect(JSON.stringify(spec)).toContain("probe-a");
    expect(JSON.stringify(spec)).not.toContain("--admin");
  });

  it("says who the administrator is, with the password as a secret", async () => {
    const { administrator } = new Matrix("im", argsWith());
    expect(administrator.user).toBe("@admin:example.org");
    expect(await pulumi.isSecret(administrator.password)).toBe(true);
    expect(await resolved(administrator.password)).toBe("secret-of-synapse-administrator");
  });

  it("has URLs with the edge's port where it is not 443", () => {
    expect(new Matrix("im", argsWith()).url).toBe("https://matrix.example.org");
    const { url, webUrl } = new Matrix("im2", argsWith({ publicPort: 30443 }));
    expect([url, webUrl]).toEqual(["https://matrix.example.org:30443", "https://chat.example.org:30443"]);
  });

  it("names its own homeserver in the web client's configuration", async () => {
    new Matrix("im", argsWith());
    const { data } = await inputsOf("ConfigMap", "web-config");
    expect(parse(data?.["config.json"] ?? "")).toMatchObject({ defaultHomeServer: "https://matrix.example.org" });
  });
});

describe("Matrix with single sign-on", () => {
  const signIn = () => ({
    ...signInRules,
    client: {
      connect: () => ({ ...oidcConnection, clientSecret: pulumi.secret("client-secret"), caConfigMap: "roost-ca" }),
    },
    provider: peerNamed("keycloak", "chat"),
    programs: ["directory-sync"],
  });
  const matrix = (changes: Partial<MatrixArgs> = {}) =>
    new Matrix("im", argsWith({ singleSignOn: signIn(), ...changes }));

  it("says that people do not sign in with passwords", () => {
    expect(matrix().supports).toMatchObject({ passwords: false, singleSignOn: true });
  });

  it("lets the provider say that a session has ended", async () => {
    matrix();
    expect((await inputsOf("NetworkPolicy", "synapse-from-keycloak-8443")).metadata?.namespace).toBe("chat");
  });

  it("keeps the client's secret in the Secret alone", async () => {
    matrix();
    const { stringData } = await inputsOf("Secret", "synapse-secrets");
    expect(JSON.stringify(stringData)).toContain("client-secret");
    const configMaps = (await everything()).filter(({ type }) => type.endsWith(":ConfigMap"));
    expect(JSON.stringify(configMaps)).not.toContain("client-secret");
  });

  it("gives a program an account, which may sign in with its password, and no other program one", async () => {
    const im = matrix();
    const { user, password } = im.account("directory-sync");
    expect(user).toBe("@directory-sync:example.org");
    expect(await pulumi.isSecret(password)).toBe(true);
    expect(() => im.account("grafana")).toThrow("which are: directory-sync");
    const { data } = await inputsOf("ConfigMap", "synapse-config");
    const [module] = parse(data?.["homeserver.yaml"] ?? "").modules;
    expect(module.config.password_users).toEqual(["@admin:example.org", user]);
  });

  it("carries the module and the pages that its configuration names", async () => {
    matrix();
    expect(Object.keys((await inputsOf("ConfigMap", "synapse-scripts")).data ?? {})).toContain("roost_rights.py");
    const pages = Object.keys((await inputsOf("ConfigMap", "synapse-templates")).data ?? {});
    expect(pages.toSorted()).toEqual(["sso_account_deactivated.html", "sso_error.html"]);
  });
});

describe("a change", () => {
  async function hashesWith(changes: Partial<MatrixArgs>, secrets: Record<string, string> = {}) {
    registered.length = 0;
    for (const [name, value] of Object.entries(secrets)) generated.set(name, value);
    new Matrix("im", argsWith(changes));
    const hashes = {
      synapse: await hashOf("StatefulSet", "synapse"),
      web: await hashOf("Deployment", "web"),
      administrator: await hashOf("Job", "synapse-administrator"),
    };
    expect(Object.values(hashes).every((hash) => /^[0-9a-f]{16}$/.test(hash ?? ""))).toBe(true);
    return hashes;
  }

  it("of a setting starts Synapse again, and nothing else", async () => {
    const before = await hashesWith({});
    const after = await hashesWith({ settings: { ...settings, encryption: "all" } });
    expect(after.synapse).not.toBe(before.synapse);
    expect(after).toMatchObject({ web: before.web, administrator: before.administrator });
  });

  it("of memory alone changes no configuration", async () => {
    const before = await hashesWith({});
    const larger = { ...argsWith().sizing, synapse: { ...sizing, memoryMiB: 2048 } };
    expect(await hashesWith({ sizing: larger })).toEqual(before);
  });

  it("of the administrator's password runs its Job again, and nothing else", async () => {
    const before = await hashesWith({});
    const after = await hashesWith({}, { "synapse-administrator": "another" });
    expect(after.administrator).not.toBe(before.administrator);
    expect(after).toMatchObject({ synapse: before.synapse, web: before.web });
  });

  it("of the pepper starts Synapse again", async () => {
    const before = await hashesWith({});
    expect((await hashesWith({}, { "synapse-pepper": "another" })).synapse).not.toBe(before.synapse);
  });
});

describe("an IM service", () => {
  it("is made by its engine's name", () => {
    expect(createImService("im", { engine: "matrix", ...argsWith() })).toBeInstanceOf(Matrix);
  });
});
