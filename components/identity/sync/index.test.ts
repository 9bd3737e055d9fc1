import { describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { registeredResources } from "../../../tests/registered.ts";
import type { Peer } from "../../network/index.ts";
import { CertificateAuthority, Endpoint, peerNamed, Zone } from "../../network/index.ts";
import type { DirectoryConnection } from "../ldap.ts";
import { DirectorySync } from "./index.ts";

interface Inputs {
  readonly metadata?: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
  readonly stringData?: unknown;
}

const registered = registeredResources<Inputs>();

class FakeDirectory extends pulumi.ComponentResource {
  private readonly endpoint: Endpoint;

  constructor() {
    super("test:Directory", "directory");
    this.endpoint = new Endpoint("openldap", { server: peerNamed("openldap", "chat"), port: 6636 }, { parent: this });
    this.registerOutputs({});
  }

  connect(client: Peer): DirectoryConnection {
    const { host, port } = this.endpoint.connect(client);
    return {
      urls: [`ldaps://${host}:${port}`],
      bindDn: "cn=directory-sync,dc=example,dc=org",
      bindPassword: pulumi.secret("bind-password"),
      caConfigMap: "roost-ca",
      schema: "openldap",
      peopleDn: "ou=people,dc=example,dc=org",
      groupsDn: "ou=groups,dc=example,dc=org",
      pageSize: 500,
      nestedGroups: true,
    };
  }
}

async function create(): Promise<void> {
  const dns = { namespace: "kube-system", podLabels: { "k8s-app": "kube-dns" }, port: 53 };
  const authority = new CertificateAuthority("authority");
  new DirectorySync("directory-sync", {
    zone: new Zone("chat", { namespace: "chat", dns }),
    authority,
    kubernetesApi: new Endpoint("kubernetes-api", {
      server: { name: "kubernetes-api", cidrs: ["192.0.2.1/32"] },
      port: 6443,
    }),
    image: `registry.example/node@sha256:${"0".repeat(64)}`,
    directory: new FakeDirectory(),
    homeserver: {
      administration: new Endpoint("synapse", { server: peerNamed("synapse", "chat"), port: 8443, authority }),
      account: { user: "@directory-sync:example.org", password: pulumi.secret("account-password") },
      authProvider: "oidc-company",
      domain: "example.org",
      maxUploadMiB: 50,
      protectedAccounts: ["@admin:example.org"],
    },
    rights: { signIn: "everyone", administrators: [], createRooms: "everyone", uploads: {}, spaces: {}, rooms: {} },
    sync: {
      intervalSeconds: 30,
      maxLeavers: { percent: 10, atLeast: 3 },
      rehire: "new",
      dryRun: false,
      actionsPerSecond: 10,
    },
    replicas: 1,
    cpus: 0.1,
    memoryMiB: 256,
  });
  await pulumi.runtime.disconnect();
}

const named = (kind: string) =>
  registered.filter(({ type }) => type.endsWith(`:${kind}`)).map(({ inputs }) => inputs.metadata?.name);

describe("the component", () => {
  it("lets the program reach the directory, the homeserver and the API server, and nothing else", async () => {
    await create();
    const egress = named("NetworkPolicy").filter((name) => name?.startsWith("directory-sync-to-"));
    expect(egress.sort()).toEqual([
      "directory-sync-to-kubernetes-api-6443",
      "directory-sync-to-openldap-6636",
      "directory-sync-to-synapse-8443",
    ]);
  });

  it("keeps passwords in a Secret, and out of everything else", async () => {
    await create();
    const holders = registered.filter(({ inputs }) => /bind-password"|account-password/.test(JSON.stringify(inputs)));
    expect(holders.map(({ type, name }) => [type, name])).toEqual([
      ["kubernetes:core/v1:Secret", "directory-sync-secrets"],
    ]);
  });

  it("makes the Lease, so that the program needs no right to make one", async () => {
    await create();
    expect(named("Lease")).toEqual(["directory-sync"]);
    expect(named("Role")).toEqual(["directory-sync"]);
  });

  it("brings the program as one file that a ConfigMap can hold", async () => {
    await create();
    const program = registered.find(({ inputs }) => inputs.metadata?.name === "directory-sync-program");
    const size = Buffer.from(program?.inputs.binaryData?.["main.cjs.gz"] ?? "", "base64").length;
    expect(size).toBeGreaterThan(100_000);
    expect(size).toBeLessThan(2 ** 20);
  });
});
