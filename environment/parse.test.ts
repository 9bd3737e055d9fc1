import { describe, expect, it } from "@jest/globals";
import { nodeAddress, site } from "../bootstrap/cluster/site.ts";
import { issueCertificate } from "../tests/issue-certificate.ts";
import type { Environment } from "./index.ts";
import { hostNames, parseEnvironment, readSettings, SettingsError } from "./index.ts";

type Config = Readonly<Record<string, unknown>>;

function settings(config: Config, secretKeys?: string) {
  const texts = Object.entries(config).map(([key, value]) => [
    `roost:${key}`,
    typeof value === "object" ? JSON.stringify(value) : String(value),
  ]);
  return readSettings({ "roost:domain": "roost.test", ...Object.fromEntries(texts) }, secretKeys);
}

const environment = (config: Config = {}): Environment => parseEnvironment(settings(config));

function problems(read: () => unknown): SettingsError {
  try {
    read();
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("an environment", () => {
  it("is complete when only the domain is set", () => {
    expect(environment()).toMatchObject({
      domain: "roost.test",
      namespace: "roost",
      users: 100,
      availability: "single",
      protection: "production",
      images: { source: "built" },
      postgres: { operator: "managed", parameters: {} },
      im: { engine: "matrix", host: "matrix.roost.test", webHost: "chat.roost.test", media: { maxUploadMiB: 50 } },
      identity: { kind: "local" },
      edge: { exposure: { kind: "nodePort", port: 443 }, certificate: { kind: "private" }, tlsMinimum: "1.2" },
    });
  });

  it("is the same after a journey through JSON", () => {
    expect(JSON.parse(JSON.stringify(environment({ users: 30 })))).toEqual(environment({ users: 30 }));
  });

  it("cannot be changed, however deep", () => {
    const { im, cluster } = environment();
    expect(() => Object.assign(im.media, { maxUploadMiB: 1 })).toThrow(TypeError);
    expect(() => Object.assign(cluster.dns.podLabels, { other: "label" })).toThrow(TypeError);
  });

  it("knows the embedded cluster", () => {
    expect(environment().cluster).toMatchObject({
      kind: "embedded",
      storageClass: "local-path",
      apiServer: { cidrs: ["10.213.0.11/32"], port: 6443 },
      dns: { port: 1053 },
    });
  });

  it.each([undefined, "10.193"])("knows where the embedded cluster is on the network %s", (network) => {
    const { apiServer } = parseEnvironment(settings({}), { network }).cluster;
    expect(apiServer.cidrs).toEqual([`${nodeAddress(site("/data", network))}/32`]);
  });

  it("takes a cluster of the operator's own as it is described", () => {
    const cluster = {
      kind: "kubeconfig",
      context: "production",
      apiServerCidrs: ["10.1.0.11/32"],
      clusterDns: { port: 5353 },
    };
    const own = environment({ cluster, images: { source: "upstream" } });
    expect(own.cluster).toEqual({
      kind: "kubeconfig",
      context: "production",
      apiServer: { cidrs: ["10.1.0.11/32"], port: 6443 },
      dns: { namespace: "kube-system", podLabels: { "k8s-app": "kube-dns" }, port: 5353 },
      nodePorts: { first: 30_000, last: 32_767 },
    });
    expect(own.edge.exposure).toEqual({ kind: "loadBalancer", annotations: {} });
  });

  it("names every host that a certificate must cover", () => {
    expect(hostNames(environment())).toEqual(["roost.test", "chat.roost.test", "matrix.roost.test"]);
  });

  it("accepts a certificate that covers its names, with its chain", () => {
    const authority = issueCertificate({ ca: true });
    const leaf = issueCertificate({ hosts: ["roost.test", "*.roost.test"], issuer: authority, key: "RSA 2048" });
    const certificatePem = `${leaf.certificatePem}${authority.certificatePem}`;
    const certificate = { kind: "provided", certificatePem, keyPem: leaf.keyPem };
    expect(environment({ edge: { certificate } }).edge.certificate).toEqual(certificate);
  });

  it("takes an external directory and provider whose passwords are secrets, and knows no page of its own", () => {
    const identity = {
      kind: "sso",
      directory: {
        kind: "external",
        urls: ["ldaps://dc1.roost.test"],
        cidrs: ["10.2.0.11/32"],
        schema: "activeDirectory",
        bindDn: "reader@roost.test",
        bindPassword: "hunter2hunter2",
        peopleDn: "OU=People,DC=roost,DC=test",
        groupsDn: "OU=Groups,DC=roost,DC=test",
        peopleFilter: "(&(employeeType=internal)(!(cn=svc*)))",
      },
      provider: {
        kind: "external",
        issuer: "https://login.roost.test/adfs",
        clientId: "matrix",
        clientSecret: "correct-horse-battery",
        cidrs: ["10.2.0.21/32"],
        claims: { subject: "directory_id" },
      },
      rights: { signIn: ["Chat Users"] },
    };
    const own = parseEnvironment(settings({ identity }, '["roost:identity"]'));
    expect(own.identity).toMatchObject({
      directory: { pageSize: 500, nestedGroups: true },
      provider: { claims: { subject: "directory_id", login: "preferred_username", name: "name", groups: "groups" } },
      rights: { signIn: ["Chat Users"], createRooms: "everyone" },
      sync: { intervalSeconds: 30, maxLeavers: { percent: 10, atLeast: 3 }, rehire: "new", identifiers: "login" },
    });
    expect(hostNames(own)).toEqual(hostNames(environment()));
    const withheld = new Set(["identity.directory.bindPassword", "identity.provider.clientSecret"]);
    expect(parseEnvironment(settings({ identity }), { withheld })).toEqual(own);
  });

  it("serves the sign-in page at a name of its own with Keycloak, which the certificate must cover", () => {
    const own = environment({ identity: { kind: "sso", directory: { kind: "embedded" } } });
    expect(own.identity).toMatchObject({ provider: { kind: "keycloak", host: "id.roost.test" } });
    expect(hostNames(own)).toContain("id.roost.test");
  });

  it("fails with all problems at once, in the order of the reference page", () => {
    const config = {
      users: "many",
      namespace: "Chat",
      edge: { tlsMinimum: "1.0" },
      im: { engine: "matrix", memoryMiB: 10 },
      colour: "red",
    };
    const error = problems(() => environment(config));
    expect(error.problems.map(({ path }) => path)).toEqual([
      "namespace",
      "users",
      "im.memoryMiB",
      "edge.tlsMinimum",
      "colour",
    ]);
    expect(error.message).toMatch(/^5 settings are wrong; nothing has been touched:\n/);
  });

  it("judges what is well-formed although other things are not", () => {
    const error = problems(() =>
      environment({ users: "many", postgres: { parameters: { fsync: "off" } }, namespace: "kube-system" }),
    );
    expect(error.problems.map(({ path }) => path)).toEqual(["namespace", "users", "postgres.parameters.fsync"]);
    const archive = { kind: "on", mode: "compliance", retentionDays: 30, lock: "off" };
    const more = problems(() => environment({ users: "many", archive }));
    expect(more.problems.map(({ path }) => path)).toEqual(expect.arrayContaining(["users", "archive.kind"]));
  });

  it("fails as Pulumi's own errors do, without a stack trace", () => {
    expect(problems(() => environment({ users: 0 })).__pulumiRunError).toBe(true);
  });

  it("compares the plan with the machine that the embedded cluster runs on", () => {
    const machine = { cpus: 2, memoryMiB: 8192 };
    expect(() => parseEnvironment(settings({}), { machine })).not.toThrow();
    const error = problems(() => parseEnvironment(settings({ users: 2500, availability: "ha" }), { machine }));
    expect(error.problems.map(({ path }) => path)).toEqual(["users", "users"]);
    expect(error.message).toContain("make plan");
  });

  it("says why an edition cannot be what is asked for", () => {
    const config = { im: { engine: "mattermost", edition: "team" }, users: 500, availability: "ha" };
    const { message } = problems(() => environment(config));
    expect(message).toContain("allows 250 users and 500 are asked for");
    expect(message).toContain('withholds high availability and roost:availability is "ha"');
    expect(message).toContain("withholds high availability, single sign-on, LDAP");
  });
});

describe("secrets", () => {
  const { certificatePem, keyPem } = issueCertificate({ hosts: ["chat.example.org"] });

  it("never appear in an error, wherever they stand", () => {
    const places: Config[] = [
      { edge: { certificate: { kind: "provided", certificatePem, keyPem: `${keyPem} broken` } } },
      { edge: { certificate: { kind: "provided", certificatePem: keyPem, keyPem } } },
      { edge: keyPem },
      { certificateKey: keyPem },
      { domain: keyPem },
    ];
    const body = keyPem.split("\n")[1] ?? "missing";
    for (const config of places) expect(problems(() => environment(config)).message).not.toContain(body);
  });

  it("are not shown where Pulumi says that a setting holds one", () => {
    const config = { edge: { tlsMinimum: "1.9", clientCidrs: ["hunter2hunter2"] } };
    const { message } = problems(() => parseEnvironment(settings(config, '["roost:edge"]')));
    expect(message).not.toContain("hunter2");
    expect(message).toContain("a secret (length 14)");
    expect(message).toContain('got "1.9"');
  });

  it("that are not known here are not judged", () => {
    const certificate = { kind: "provided", certificatePem, keyPem };
    const withheld = new Set(["edge.certificate.certificatePem", "edge.certificate.keyPem"]);
    expect(() => parseEnvironment(settings({ edge: { certificate } }), { withheld })).not.toThrow();
  });
});

describe("settings as Pulumi gives them", () => {
  it("become numbers, flags and objects", () => {
    const { raw } = readSettings({
      "roost:users": "30",
      "roost:edge": '{"tlsMinimum":"1.3"}',
      "roost:domain": "roost.test",
    });
    expect(raw).toEqual({ users: 30, edge: { tlsMinimum: "1.3" }, domain: "roost.test" });
  });

  it("of other projects and providers are left alone", () => {
    const config = { "roost:domain": "roost.test", "kubernetes:context": "other", "roosting:users": "5" };
    expect(readSettings(config).raw).toEqual({ domain: "roost.test" });
  });

  it("take an empty domain for none, and nothing else that is empty", () => {
    expect(readSettings({ "roost:domain": "", "roost:namespace": "" }).raw).toEqual({ namespace: "" });
  });

  it("keep a name that looks like a number, and a JSON that is none, as text", () => {
    expect(readSettings({ "roost:namespace": "123", "roost:im": "{engine" }).raw).toEqual({
      namespace: "123",
      im: "{engine",
    });
  });

  it("may hold names that objects have by themselves", () => {
    const { message } = problems(() =>
      parseEnvironment(
        readSettings({
          "roost:domain": "roost.test",
          "roost:constructor": "5",
          "roost:im": '{"engine":"matrix","__proto__":{"a":1}}',
        }),
      ),
    );
    expect(message).toContain("roost:constructor: got an unknown setting (5)");
  });
});
