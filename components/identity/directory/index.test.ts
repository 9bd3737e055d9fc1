import { describe, expect, it, jest } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { registeredResources } from "../../../tests/registered.ts";
import { CertificateAuthority, peerNamed, Zone } from "../../network/index.ts";
import type { EmbeddedDirectoryArgs } from "./index.ts";
import { EmbeddedDirectory, ExternalDirectory } from "./index.ts";

jest.mock("../../../services/bundle.ts", () => ({ bundle: (name: string) => `the program ${name}` }));

interface Inputs {
  readonly metadata?: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: unknown;
  readonly spec?: Readonly<Record<string, unknown>>;
}

const registered = registeredResources<Inputs>();

const dns = { namespace: "kube-system", podLabels: { "k8s-app": "kube-dns" }, port: 53 };

function embeddedArgs(changes: Partial<EmbeddedDirectoryArgs> = {}): EmbeddedDirectoryArgs {
  return {
    zone: new Zone("chat", { namespace: "chat", dns }),
    authority: new CertificateAuthority("authority"),
    images: { openldap: "openldap@sha256:0", node: "node@sha256:0" },
    domain: "example.org",
    people: {},
    groups: {},
    passwords: { minLength: 12, remembered: 5, maxAgeDays: "never", failures: 10, lockMinutes: 15 },
    maxLeavers: { percent: 10, atLeast: 3 },
    ...{ replicas: 1, cpus: 0.1, memoryMiB: 256, storageGiB: 1 },
    ...changes,
  };
}

async function of(kind: string): Promise<Inputs[]> {
  await pulumi.runtime.disconnect();
  return registered.filter(({ type }) => type.endsWith(`:${kind}`)).map(({ inputs }) => inputs);
}

async function policies(): Promise<(string | undefined)[]> {
  const names = (await of("NetworkPolicy")).map(({ metadata }) => metadata?.name);
  return names.filter((name) => name !== "default-deny" && name !== "allow-dns").toSorted();
}

describe("an embedded directory", () => {
  it("lets in the Job that fills it, and each client that connects, at its one port", async () => {
    new EmbeddedDirectory("directory", embeddedArgs()).connect(peerNamed("keycloak", "chat"), "keycloak");
    expect(await policies()).toEqual([
      "directory-seed-to-openldap-6636",
      "keycloak-to-openldap-6636",
      "openldap-from-directory-seed-6636",
      "openldap-from-keycloak-6636",
    ]);
  });

  it("of two servers lets each reach the other, and names both to clients, always in the same order", async () => {
    const directory = new EmbeddedDirectory("directory", embeddedArgs({ replicas: 2 }));
    expect(directory.connect(peerNamed("keycloak", "chat"), "keycloak").urls).toEqual([
      "ldaps://openldap-0.openldap.chat.svc:6636",
      "ldaps://openldap-1.openldap.chat.svc:6636",
    ]);
    expect(await policies()).toEqual(
      expect.arrayContaining(["openldap-to-openldap-6636", "openldap-from-openldap-6636"]),
    );
  });

  it("gives each program an account of its own", () => {
    const directory = new EmbeddedDirectory("directory", embeddedArgs());
    const accounts = (["keycloak", "directory-sync"] as const).map((reader) =>
      directory.connect(peerNamed(reader, "chat"), reader),
    );
    expect(new Set(accounts.map(({ bindDn }) => bindDn)).size).toBe(2);
  });

  it("puts no password where it could be read", async () => {
    new EmbeddedDirectory("directory", embeddedArgs({ replicas: 2 }));
    for (const inputs of [...(await of("ConfigMap")), ...(await of("StatefulSet")), ...(await of("Job"))])
      expect(JSON.stringify(inputs)).not.toMatch(/secret of/);
  });

  it.each([
    [true, "Retain"],
    [false, "Delete"],
  ])("with protection %s, its volumes are: %s", async (protect, whenDeleted) => {
    new EmbeddedDirectory("directory", embeddedArgs({ protect }));
    const [servers] = await of("StatefulSet");
    expect(servers?.spec).toMatchObject({
      persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled: "Retain" },
      volumeClaimTemplates: [{ spec: { resources: { requests: { storage: "1Gi" } } } }],
    });
  });
});

describe("an external directory", () => {
  const args = {
    image: "node@sha256:0",
    urls: ["ldaps://dc1.example.org", "ldaps://dc2.example.org:3269"],
    cidrs: ["10.2.0.11/32"],
    schema: "activeDirectory" as const,
    bindDn: "cn=roost,dc=example,dc=org",
    bindPassword: "the bind password",
    peopleDn: "ou=people,dc=example,dc=org",
    groupsDn: "ou=groups,dc=example,dc=org",
    pageSize: 1000,
    nestedGroups: true,
  };
  const make = (changes: object = {}) =>
    new ExternalDirectory("directory", { zone: new Zone("chat", { namespace: "chat", dns }), ...args, ...changes });

  it("lets clients out to its servers' addresses, at the ports of the URLs", async () => {
    make().connect(peerNamed("keycloak", "chat"));
    expect(await policies()).toEqual([
      "directory-check-to-company-directory-3269",
      "directory-check-to-company-directory-636",
      "keycloak-to-company-directory-3269",
      "keycloak-to-company-directory-636",
    ]);
  });

  it("is trusted by its own authority where there is one", async () => {
    expect(make({ caPem: "the authority" }).connect(peerNamed("keycloak", "chat")).caConfigMap).toBe(
      "company-directory-ca",
    );
    const bundles = (await of("ConfigMap")).filter(({ metadata }) => metadata?.name === "company-directory-ca");
    expect(bundles).toMatchObject([{ data: { "ca.crt": "the authority" } }]);
  });

  it("is asked for people of its schema before anybody uses it, with the password in a Secret only", async () => {
    make({ peopleFilter: "(employeeType=internal)" });
    const [program] = (await of("ConfigMap")).filter(({ metadata }) => metadata?.name === "directory-check");
    expect(JSON.parse(program?.data?.["check.json"] ?? "")).toMatchObject({
      peopleFilter: "(&(&(objectCategory=person)(objectClass=user))(employeeType=internal))",
    });
    expect(JSON.stringify([await of("ConfigMap"), await of("Job")])).not.toContain("the bind password");
  });
});
