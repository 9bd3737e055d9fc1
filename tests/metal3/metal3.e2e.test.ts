/** What the stack gives to Metal3 and to the cluster about machines, judged by a real API server with Metal3's own definition. */
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { clusterSecrets, debianImages, secretsOf } from "../../components/servers/first-boot/testing.ts";
import { seedFiles } from "../../components/servers/index.ts";
import { persistentVolume, storageClass } from "../../components/servers/local-volumes/spec.ts";
import { networkData } from "../../components/servers/metal3/network-data.ts";
import { hostSpec, isMetal3, type Metal3Server } from "../../components/servers/metal3/spec.ts";
import { localVolumesOf, type Server } from "../../components/servers/model.ts";
import { allServers, cluster, storage, workers } from "../../components/servers/testing.ts";
import { ApiServer } from "../api-server.ts";
import { networkFromOpenStack } from "../servers/seeds/validators.ts";
import { bareMetalHostDefinition } from "./definitions.ts";

jest.setTimeout(15 * 60_000);

let api: ApiServer;

beforeAll(async () => {
  api = await ApiServer.start();
  const applied = await api.kubectl(["create", "-f", await bareMetalHostDefinition()]);
  if (applied.code !== 0) throw new Error(applied.stderr);
  await api.kubectl(["wait", "--for=condition=Established", "crd/baremetalhosts.metal3.io", "--timeout=60s"]);
  await api.kubectl(["create", "namespace", "metal3"]);
});

afterAll(() => api?.stop());

/** The machine as one that Metal3 installs, under a name of its own. */
function byMetal3(server: Server, at: number): Metal3Server {
  if (!isMetal3(storage)) throw new Error("the storage server is one of Metal3's");
  return { ...server, name: `${server.name}-${at}`, provisioner: storage.provisioner };
}

function host(server: Metal3Server, more: object = {}) {
  return {
    apiVersion: "metal3.io/v1alpha1",
    kind: "BareMetalHost",
    metadata: { name: server.name, namespace: server.provisioner.namespace },
    spec: { ...hostSpec(server), ...more },
  };
}

const machines = debianImages.map(byMetal3);
const [first] = machines;
if (first === undefined) throw new Error("there are no machines");
const machine = first;
/** The description's controller makes an array. */
const withArray = byMetal3(storage, 9);

describe("a machine for Metal3", () => {
  it.each(machines.map((each) => [each.name, each] as const))(
    "is what its definition asks for: %s",
    async (_, each) => {
      expect(await api.complaints(host(each))).toBe("");
    },
  );

  it("keeps all that it was given: array, image, Secrets and cleaning", async () => {
    const wanted = host(withArray);
    expect(await api.complaints(wanted)).toBe("");
    const { stdout } = await api.kubectl(["get", "bmh", wanted.metadata.name, "-n", "metal3", "-o", "json"]);
    expect(JSON.parse(stdout).spec).toEqual(wanted.spec);
    expect(wanted.spec).toMatchObject({
      raid: { hardwareRAIDVolumes: [{ level: "6", numberOfPhysicalDisks: 4, rotational: true }] },
      automatedCleaningMode: "disabled",
    });
  });

  it.each<readonly [string, object, string]>([
    ["a field that nobody knows", { rootDisk: "/dev/sda" }, 'unknown field "spec.rootDisk"'],
    ["a MAC address of five pairs", { bootMACAddress: "3c:ec:ef:00:50" }, "bootMACAddress"],
    ["a way to boot that there is not", { bootMode: "bios" }, 'Unsupported value: "bios"'],
    ["cleaning that there is not", { automatedCleaningMode: "all" }, 'Unsupported value: "all"'],
    ["a level as md calls it", { raid: { hardwareRAIDVolumes: [{ level: "10" }] } }, 'Unsupported value: "10"'],
    ["a controller without credentials", { bmc: { address: "redfish://10.9.0.1/" } }, "credentialsName: Required"],
    ["a checksum by an algorithm that there is not", { image: { url: "http://a/b", checksumType: "sha1" } }, '"sha1"'],
    ["no word on whether it is on", { online: undefined }, "spec.online: Required"],
  ])("is refused with %s", async (_, wrong, complaint) => {
    const refused = await api.complaints(host({ ...machine, name: "refused" }, wrong));
    expect(refused).toContain(complaint);
  });

  it("has user data that fits into a Secret", async () => {
    const userData = seedFiles(machine, cluster, secretsOf(machine, clusterSecrets))["user-data"] ?? "";
    const metadata = { name: "user-data", namespace: "metal3" };
    expect(userData).toMatch(/^#cloud-config\n/);
    expect(await api.complaints({ apiVersion: "v1", kind: "Secret", metadata, stringData: { userData } })).toBe("");
  });
});

describe("the network that Metal3 hands over", () => {
  const bonded: Server["network"] = {
    ...machine.network,
    links: [
      { kind: "ethernet", name: "port0", mac: "3c:ec:ef:00:60:01", mtu: 9000, attached: [] },
      { kind: "ethernet", name: "port1", mac: "3c:ec:ef:00:60:02", mtu: 9000, attached: [] },
      {
        kind: "bond",
        name: "bond0",
        members: ["port0", "port1"],
        mode: "802.3ad",
        miiMonitorMs: 100,
        mtu: 9000,
        attached: [
          { network: "lan", carries: ["cluster"], address: "10.1.7.11/22", gateway: "10.1.4.1" },
          { network: "six", carries: ["public"], address: "2001:db8::11/64", gateway: "2001:db8::1" },
        ],
      },
    ],
  };

  it("is read by cloud-init with the names and addresses that the packet filter knows", async () => {
    expect(await networkFromOpenStack(networkData(bonded))).toMatchObject({
      version: 1,
      config: [
        { type: "physical", name: "port0", mac_address: "3c:ec:ef:00:60:01", mtu: 9000 },
        { type: "physical", name: "port1", mac_address: "3c:ec:ef:00:60:02", mtu: 9000 },
        {
          type: "bond",
          name: "bond0",
          bond_interfaces: ["port0", "port1"],
          params: { bond_mode: "802.3ad", bond_miimon: 100, bond_xmit_hash_policy: "layer3+4" },
          subnets: [
            {
              type: "static",
              address: "10.1.7.11",
              netmask: "255.255.252.0",
              routes: [{ network: "0.0.0.0", netmask: "0.0.0.0", gateway: "10.1.4.1" }],
              dns_nameservers: bonded.dns.servers,
            },
            { type: "static6", address: "2001:db8::11/64", routes: [{ gateway: "2001:db8::1" }] },
          ],
        },
        ...bonded.dns.servers.map((address) => ({ type: "nameserver", address })),
      ],
    });
  });

  it("has no default route where the description has none", async () => {
    const [{ network }] = workers;
    expect(await networkFromOpenStack(networkData(network))).toMatchObject({
      config: [
        { type: "physical", name: "lan0", subnets: [{ address: "10.1.0.41", routes: [{ gateway: "10.1.0.1" }] }] },
        { type: "physical", name: "san0", mtu: 9000, subnets: [{ address: "10.2.0.41", routes: [] }] },
        ...network.dns.servers.map((address) => ({ type: "nameserver", address })),
      ],
    });
  });
});

describe("the machines' volumes", () => {
  const volumes = localVolumesOf(allServers);

  it("are classes and volumes that the API server takes as they are", async () => {
    const purposes = [...new Set(volumes.map(({ purpose }) => purpose))];
    const classes = purposes.map((purpose) => ({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      ...storageClass(purpose),
    }));
    const persistent = volumes.map((volume) => ({
      apiVersion: "v1",
      kind: "PersistentVolume",
      ...persistentVolume(volume),
    }));
    expect(persistent.length).toBeGreaterThan(10);
    expect(await api.complaints(...classes, ...persistent)).toBe("");
    const { stdout } = await api.kubectl(["get", "pv", "roost-postgres-worker-1", "-o", "json"]);
    expect(JSON.parse(stdout).spec).toMatchObject({
      capacity: { storage: "1Ti" },
      local: { path: "/srv/postgres" },
      persistentVolumeReclaimPolicy: "Retain",
      storageClassName: "roost-postgres",
    });
  });

  it("are refused where the cluster could not find them again", async () => {
    const [volume] = volumes;
    if (volume === undefined) throw new Error("there are no volumes");
    const { metadata, spec } = persistentVolume(volume);
    const nowhere = {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata,
      spec: { ...spec, nodeAffinity: undefined },
    };
    expect(await api.complaints(nowhere)).toContain("Local volume requires node affinity");
  });
});
