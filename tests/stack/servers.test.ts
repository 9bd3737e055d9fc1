import { beforeAll, describe, expect, it, jest } from "@jest/globals";
import { z } from "zod";
import { exampleSettings } from "./example.ts";
import { objectsOf, policiesOf } from "./objects.ts";
import type { Registered, Stack } from "./stack.ts";
import { runStack, SECRET_MARK } from "./stack.ts";
import { itIsWired } from "./wiring.ts";

jest.setTimeout(120_000);

const example = exampleSettings("servers.md", "1. Describe the machines");
const seedShape = z.looseObject({ server: z.string(), files: z.record(z.string(), z.string()) });
const seedsOf = ({ registered }: Pick<Stack, "registered">) =>
  registered.filter(({ type }) => type.endsWith(":Seed")).map(({ inputs }) => seedShape.parse(inputs));
const named = (registered: readonly Registered[], kind: string) =>
  objectsOf(registered).filter((each) => each.kind === kind);

describe("the whole stack on the machines that the documentation describes", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await runStack("prod", example);
  });

  itIsWired(() => stack);

  it("has a seed for each machine", () => {
    expect(stack.outputs.seeds).toEqual(
      Object.fromEntries([1, 2, 3].map((at) => [`node-${at}`, `build/seeds/node-${at}.iso`])),
    );
    expect(seedsOf(stack).map(({ server, files }) => [server, Object.keys(files).sort()])).toEqual(
      [1, 2, 3].map((at) => [`node-${at}`, ["meta-data", "user-data"]]),
    );
  });

  it("gives passphrases to escrow and the bootstrap token as secrets", () => {
    expect(stack.secretOutputs).toEqual(
      expect.arrayContaining(["administrator", "recoveryPassphrases", "bootstrapToken"]),
    );
    expect(stack.outputs.recoveryPassphrases).toMatchObject({
      "node-1": { data: expect.stringContaining(SECRET_MARK) },
    });
  });

  it("protects keys and passphrases, without which disks stay shut and nodes know each other no more", () => {
    const kept = stack.registered.filter(({ protect }) => protect).map(({ name }) => name);
    expect(kept).toEqual(
      expect.arrayContaining([
        "servers-authority",
        "servers-authority-key",
        "servers-etcd-authority-key",
        "servers-front-proxy-authority-key",
        "servers-service-accounts",
        "node-1-data",
      ]),
    );
  });

  it("puts the database and people's files on volumes of the machines, which stay", () => {
    const volumes = stack.registered.filter(({ type }) => type.endsWith(":PersistentVolume"));
    expect(volumes.map(({ name }) => name).sort()).toEqual(
      ["media", "postgres"].flatMap((purpose) => [1, 2, 3].map((at) => `local-volumes-${purpose}-node-${at}`)),
    );
    expect(volumes.every(({ protect, retainOnDelete }) => protect && retainOnDelete)).toBe(true);
    const [cluster] = named(stack.registered, "Cluster");
    expect(cluster).toMatchObject({
      spec: {
        storage: { storageClass: "roost-postgres", size: "400Gi" },
        affinity: { podAntiAffinityType: "required", topologyKey: "topology.kubernetes.io/zone" },
      },
    });
    const [claim] = named(stack.registered, "PersistentVolumeClaim");
    expect(claim).toMatchObject({ spec: { storageClassName: "roost-media" } });
  });

  it("lets Prometheus ask the machines, and no pod tells of nodes beside them", () => {
    const policy = policiesOf(stack.registered).find(({ metadata }) => metadata.name === "prometheus-to-machines-9100");
    expect(policy?.spec.egress.flatMap(({ to }) => to.map(({ ipBlock }) => ipBlock?.cidr))).toEqual([
      "10.1.0.11/32",
      "10.1.0.12/32",
      "10.1.0.13/32",
    ]);
    const onEachNode = named(stack.registered, "DaemonSet").map(({ metadata }) => metadata.name);
    expect(onEachNode).toEqual(["log-collector"]);
    const dataOf = (name: string) =>
      z
        .looseObject({ data: z.record(z.string(), z.string()) })
        .parse(named(stack.registered, "ConfigMap").find(({ metadata }) => metadata.name === name)).data;
    expect(dataOf("prometheus-config")["prometheus.yml"]).toMatch(
      /targets:\s+- 10\.1\.0\.12:9100\s+labels:\s+role: all-in-one\s+rack: rack-2\s+instance: node-2/,
    );
    expect(dataOf("prometheus-rules")["roost.yml"]).toContain("alert: ServerArrayDegraded");
  });

  it("gives each machine a key of its own for its metrics, and Prometheus another", () => {
    const keysIn = (text: string) => new Set(text.match(/servers-metrics-[a-z0-9-]+-key/g));
    for (const { server, files } of seedsOf(stack))
      expect(keysIn(Object.values(files).join("\n"))).toEqual(new Set([`servers-metrics-server-${server}-key`]));
    const secret = named(stack.registered, "Secret").find(({ metadata }) => metadata.name === "prometheus-machines");
    expect(keysIn(JSON.stringify(secret))).toEqual(new Set(["servers-metrics-client-key"]));
    expect(stack.secretOutputs).toEqual(expect.arrayContaining(["metricsIdentities", "metricsClient"]));
  });

  it("takes the class that is set by hand instead, and makes none", async () => {
    const cluster = z.looseObject({}).parse(example.cluster);
    const { registered } = await runStack("prod", { ...example, cluster: { ...cluster, storageClass: "ceph-block" } });
    expect(named(registered, "StorageClass")).toEqual([]);
    expect(named(registered, "Cluster")[0]).toMatchObject({ spec: { storage: { storageClass: "ceph-block" } } });
  });
});

describe("a machine that Metal3 installs", () => {
  const settings = z.looseObject({ machines: z.record(z.string(), z.looseObject({})) }).parse(example.servers);
  const bmc = {
    address: "redfish-virtualmedia://10.9.0.11/redfish/v1/Systems/1",
    bootMac: "3c:ec:ef:00:40:01",
    rootDisk: { serialNumber: "ROOT4" },
  };
  const edge = {
    role: "edge",
    os: { distribution: "debian", installer: "cloud-init" },
    disks: [1, 2].map((at) => ({ id: `ata-ROOST_${at}`, sizeGB: 480 })),
    links: { lan0: { macs: ["3c:ec:ef:00:40:01"] } },
    addresses: { lan: "10.1.0.14" },
    bmc,
  };
  const image = { url: "http://10.9.0.2/debian.qcow2", checksum: "ab".repeat(64) };
  const given = {
    ...example,
    servers: { ...settings, metal3: { context: "management", image }, machines: { ...settings.machines, edge } },
    bmcCredentials: { edge: { username: "metal3", password: "correct horse" } },
  };

  it("is a host in the management cluster, with its seed and the credentials in Secrets", async () => {
    const { registered } = await runStack("prod", given, ["bmcCredentials"]);
    const there = registered.filter(({ provider }) => provider.includes("::metal3"));
    expect(there.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort()).toEqual([
      "BareMetalHost edge",
      "Secret edge-bmc",
      "Secret edge-meta-data",
      "Secret edge-network-data",
      "Secret edge-user-data",
    ]);
    expect(there.find(({ name }) => name === "edge-bmc")?.inputs).toMatchObject({
      stringData: { username: "metal3", password: "correct horse" },
    });
    const seed = seedsOf({ registered }).find(({ server }) => server === "edge");
    expect(there.find(({ name }) => name === "edge-user-data")?.inputs).toMatchObject({
      stringData: { userData: seed?.files["user-data"] },
    });
  });

  it("is refused when the password stands in plain text", async () => {
    await expect(runStack("prod", given)).rejects.toThrow(/roost:bmcCredentials\.edge\.password: .*plain text/);
  });
});

describe("a stack without machines", () => {
  it("has nothing of them, neither resources nor outputs", async () => {
    const { registered, outputs } = await runStack("dev");
    expect(registered.filter(({ type }) => type.startsWith("roost:servers") || type.endsWith(":Seed"))).toEqual([]);
    expect([outputs.seeds, outputs.recoveryPassphrases, outputs.bootstrapToken]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("control planes and workers, whichever installer they have", () => {
  const settings = z.looseObject({ machines: z.record(z.string(), z.looseObject({})) }).parse(example.servers);
  const systems = [
    { distribution: "ubuntu", installer: "autoinstall" },
    { distribution: "debian", installer: "cloud-init" },
    { distribution: "debian", installer: "preseed" },
    { distribution: "rocky", installer: "kickstart" },
  ];
  const machines = ["control-plane", "worker"].flatMap((role, kind) =>
    systems.map((os, at) => {
      const disks = ["A", "B"].map((disk) => ({ id: `ata-ROOST_${kind}${at}${disk}`, sizeGB: 960 }));
      const links = { lan0: { macs: [`3c:ec:ef:00:0${kind}:0${at}`] } };
      return [
        `${role}-${at}`,
        { os, role, disks, links, addresses: { lan: `10.1.0.${100 + kind * 10 + at}` } },
      ] as const;
    }),
  );
  // An odd number of control planes keeps a quorum.
  const fifth = {
    ...machines[0]?.[1],
    disks: [{ id: "ata-ROOST_5", sizeGB: 960 }],
    links: { lan0: { macs: ["3c:ec:ef:00:05:05"] } },
    addresses: { lan: "10.1.0.50" },
  };

  it("keep keys of the authorities on control planes, and find none in workers' seeds", async () => {
    const stack = await runStack("prod", {
      ...example,
      availability: "single",
      cluster: { kind: "kubeconfig", apiServerCidrs: ["10.1.0.0/24"] },
      servers: { ...settings, layouts: {}, machines: { ...Object.fromEntries(machines), fifth } },
    });
    const keysIn = (server: string) =>
      Object.values(seedsOf(stack).find((seed) => seed.server === server)?.files ?? {})
        .join("\n")
        .match(/servers-[a-z-]*(authority-key|service-accounts)/g) ?? [];
    for (const [name, { role }] of machines)
      expect([name, new Set(keysIn(name)).size]).toEqual([name, role === "control-plane" ? 4 : 0]);
  });
});
