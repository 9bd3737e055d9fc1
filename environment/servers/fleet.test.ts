import { describe, expect, it } from "@jest/globals";
import { parseEnvironment } from "../parse.ts";
import type { Fleet, Server } from "./server.ts";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBQ2lCz1QFZbvvmRbyYsJ0TJ3Sxk0gXnQ1QXqM3v3o5P ada@example.org";

const office = {
  disks: [0, 1].map((at) => ({ id: `ata-ROOST_${at}`, sizeGB: 1000 })),
  links: { lan0: { macs: ["3c:ec:ef:00:00:01"] } },
  addresses: { lan: "10.1.0.11" },
};

const CREDENTIALS = { bmcCredentials: { office: { username: "metal3", password: "secret" } } };

function fleetOf(settings: object, others: object = {}): Fleet {
  const servers = {
    administrators: { ada: { sshKeys: [KEY] } },
    ssh: { cidrs: ["10.1.0.5/32"] },
    networks: { lan: { cidr: "10.1.0.0/24", gateway: "10.1.0.1" } },
    machines: { office },
    ...settings,
  };
  const { fleet } = parseEnvironment({
    raw: { domain: "example.org", servers, ...others },
    secretKeys: new Set(["bmcCredentials"]),
  });
  if (fleet === undefined) throw new Error("machines were described");
  return fleet;
}

function first({ servers: [server] }: Fleet): Server {
  if (server === undefined) throw new Error("there is no machine");
  return server;
}

const volumesOf = ({ storage }: Server) =>
  storage.pools.map(({ name, volumes }) => [
    name,
    volumes.map((volume) => (volume.grows ? `${volume.name}+` : volume.name)),
  ]);

describe("a fleet", () => {
  it("is none where no machine is described", () => {
    expect(parseEnvironment({ raw: { domain: "example.org" }, secretKeys: new Set() })).not.toHaveProperty("fleet");
  });

  it("of one machine needs disks, a link and an address, and is everything", () => {
    const fleet = fleetOf({});
    const server = first(fleet);
    expect(server).toMatchObject({ name: "office", domain: "servers.example.org", role: "all-in-one" });
    expect(server.storage.system).toMatchObject({ kind: "pool", pool: "system", firmware: "uefi" });
    expect(server.storage.pools[0]?.redundancy).toMatchObject({ kind: "md", level: "raid1" });
    expect(volumesOf(server)).toEqual([
      ["system", ["root", "var", "log", "audit", "etcd", "images", "postgres", "local+"]],
    ]);
    expect(server.network.dns).toEqual({ servers: ["10.1.0.1"], search: ["servers.example.org"] });
    expect(fleet.kubernetes.endpoint).toEqual({ kind: "node", address: "10.1.0.11", port: 6443 });
    expect(fleet.edge).toEqual({ port: 443, cidrs: ["0.0.0.0/0", "::/0"] });
  });

  it("opens the edge to whom the NetworkPolicies open it", () => {
    expect(fleetOf({}, { edge: { clientCidrs: ["10.0.0.0/8"] } }).edge.cidrs).toEqual(["10.0.0.0/8"]);
  });

  it("makes a bond of two interfaces, and an interface of each VLAN on it", () => {
    const { network } = first(
      fleetOf({
        networks: {
          lan: { cidr: "10.1.0.0/24", gateway: "10.1.0.1", vlan: 10, carries: ["management", "cluster"] },
          san: { cidr: "10.2.0.0/24", vlan: 20, mtu: 9000, carries: ["storage"] },
        },
        machines: {
          office: {
            ...office,
            links: { bond0: { macs: ["3c:ec:ef:00:00:01", "3c:ec:ef:00:00:02"], bond: "802.3ad" } },
            addresses: { lan: "10.1.0.11", san: "10.2.0.11" },
          },
        },
      }),
    );
    expect(network.links.map(({ kind, name, mtu }) => [kind, name, mtu])).toEqual([
      ["ethernet", "bond0-p0", 9000],
      ["ethernet", "bond0-p1", 9000],
      ["bond", "bond0", 9000],
      ["vlan", "lan", 1500],
      ["vlan", "san", 9000],
    ]);
    expect(network.links.at(-1)?.attached).toEqual([{ network: "san", carries: ["storage"], address: "10.2.0.11/24" }]);
  });

  it("leaves the system to an image where there is one, and makes pools beside it", () => {
    const server = first(fleetOf({ os: { distribution: "debian", installer: "cloud-init" } }));
    expect(server.storage.system).toEqual({ kind: "image" });
    expect(volumesOf(server)).toEqual([["data", ["etcd", "images", "postgres", "local+"]]]);
  });

  it("gives Rocky NetworkManager, and a machine with a BMC to Metal3", () => {
    const image = { url: "http://10.9.0.2/debian.qcow2", checksum: "ab".repeat(32) };
    const bmc = {
      address: "redfish://10.9.0.1/",
      bootMac: "3c:ec:ef:00:00:01",
      rootDisk: { serialNumber: "ROOT1" },
    };
    const os = { distribution: "rocky", installer: "cloud-init" };
    const server = first(fleetOf({ metal3: { image }, machines: { office: { ...office, os, bmc } } }, CREDENTIALS));
    expect(server.network.renderer).toBe("networkmanager");
    expect(server.provisioner).toEqual({
      kind: "metal3",
      namespace: "metal3",
      bmcAddress: "redfish://10.9.0.1/",
      bootMac: "3c:ec:ef:00:00:01",
      bootMode: "UEFI",
      rootDisk: { serialNumber: "ROOT1" },
      image: { ...image, format: "qcow2" },
    });
  });

  it("is immutable, and survives being written down and read again", () => {
    const fleet = fleetOf({});
    expect(Object.isFrozen(first(fleet).storage.pools)).toBe(true);
    expect(JSON.parse(JSON.stringify(fleet))).toEqual(fleet);
  });
});
