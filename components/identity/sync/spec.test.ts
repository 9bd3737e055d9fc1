import { describe, expect, it } from "@jest/globals";
import { configurationSchema } from "../../../services/directory-sync/configuration.ts";
import { peerNamed } from "../../network/index.ts";
import type { ConfigurationArgs } from "./spec.ts";
import { leaseRules, syncConfiguration, syncWorkload } from "./spec.ts";

const args: ConfigurationArgs = {
  namespace: "chat",
  directory: {
    urls: ["ldaps://openldap.chat.svc:6636"],
    bindDn: "cn=directory-sync,ou=services,dc=example,dc=org",
    caConfigMap: "roost-ca",
    schema: "openldap",
    peopleDn: "ou=people,dc=example,dc=org",
    groupsDn: "ou=groups,dc=example,dc=org",
    pageSize: 500,
    nestedGroups: true,
  },
  homeserver: { host: "synapse.chat.svc", port: 8443, caConfigMap: "roost-ca" },
  domain: "example.org",
  user: "@directory-sync:example.org",
  authProvider: "oidc-company",
  maxUploadMiB: 50,
  protectedAccounts: ["@admin:example.org"],
  rights: {
    signIn: ["staff"],
    administrators: ["it"],
    createRooms: "everyone",
    uploads: { contractors: 10 },
    spaces: { company: { name: "Company", members: "everyone", moderators: [], administrators: ["it"] } },
    rooms: {
      news: {
        name: "News",
        members: ["staff"],
        moderators: [],
        administrators: [],
        space: "company",
        encrypted: false,
      },
    },
  },
  sync: {
    intervalSeconds: 30,
    maxLeavers: { percent: 10, atLeast: 3 },
    rehire: "new",
    dryRun: false,
    actionsPerSecond: 10,
  },
};

const workload = {
  peer: peerNamed("directory-sync", "chat"),
  image: "registry.example/node@sha256:0",
  replicas: 2,
  cpus: 0.1,
  memoryMiB: 256,
  spread: "required",
  directoryAuthority: "roost-ca",
  homeserverAuthority: "roost-ca",
} as const;

describe("the program's configuration", () => {
  it("is one that the program takes", () => {
    // The settings say more than what the program is told.
    const sync = { ...args.sync, identifiers: "login" };
    const configuration: unknown = JSON.parse(JSON.stringify(syncConfiguration({ ...args, sync })));
    expect(configurationSchema.parse(configuration)).toEqual(configuration);
  });

  it("has the rights as they were set", () => {
    expect(syncConfiguration(args).rights).toEqual(args.rights);
  });

  it("trusts public authorities where a directory has no authority of its own", () => {
    const { caConfigMap, ...directory } = args.directory;
    expect(caConfigMap).toBeDefined();
    expect(syncConfiguration({ ...args, directory }).directory).not.toHaveProperty("caFile");
  });

  it("finds every file that it names among the mounts", () => {
    const mounts = syncWorkload(workload).containers[0]?.mounts?.map(({ path }) => `${path}/`) ?? [];
    const named = [...JSON.stringify(syncConfiguration(args)).matchAll(/"[a-zA-Z]*File":"([^"]+)"/g)];
    const files = named.map(([, path = ""]) => path).filter((path) => !path.startsWith("/var/run/secrets"));
    expect(files.length).toBeGreaterThan(4);
    for (const file of files) expect(mounts.filter((mount) => file.startsWith(mount))).toHaveLength(1);
  });
});

describe("the program's pods", () => {
  it("mount no authority where the public ones are trusted", () => {
    const { directoryAuthority, ...without } = workload;
    expect(directoryAuthority).toBeDefined();
    const mounts = syncWorkload(without).containers[0]?.mounts?.map(({ name }) => name);
    expect(mounts).not.toContain("directory-authority");
  });

  it("may read and renew their own Lease, and nothing else", () => {
    expect(leaseRules()).toEqual([
      {
        apiGroups: ["coordination.k8s.io"],
        resources: ["leases"],
        resourceNames: ["directory-sync"],
        verbs: ["get", "update"],
      },
    ]);
  });

  it("are given no secret but as files", () => {
    const spec = JSON.stringify(syncWorkload(workload));
    expect(spec).not.toMatch(/"env"/);
    expect(spec).toContain('"secretName":"directory-sync-secrets"');
  });

  it("collect garbage before their memory is used up", () => {
    expect(syncWorkload(workload).containers[0]?.args?.[0]).toBe("--max-old-space-size=144");
  });
});
