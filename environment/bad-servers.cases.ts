/** Hostile descriptions of machines, each a good fleet with one thing wrong. */
import type { BadSetting } from "./bad-settings.cases.ts";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBQ2lCz1QFZbvvmRbyYsJ0TJ3Sxk0gXnQ1QXqM3v3o5P ada@example.org";
const TANG = { url: "http://10.1.0.5:7500", thumbprint: "zy0dcyUPSBVWjgSFBY1mPpxSdbR7MeBTCcjbzgcY9Uk" };

const BMC = {
  address: "redfish://10.9.0.1/",
  bootMac: "3c:ec:ef:00:00:01",
  rootDisk: { serialNumber: "ROOT1" },
  image: { url: "http://10.9.0.2/debian.qcow2", checksum: "ab".repeat(32) },
};

/** Disks `ata-ROOST_<serial>0` and so on. */
const disks = (serial: string, count: number, more: object = {}) =>
  Array.from({ length: count }, (_, at) => ({ id: `ata-ROOST_${serial}${at}`, sizeGB: 960, ...more }));

/** A machine that nothing is wrong with; `at` tells machines apart. */
const machine = (at: number, more: object = {}) => ({
  disks: disks(`M${at}`, 2),
  links: { lan0: { macs: [`3c:ec:ef:00:00:0${at}`] } },
  addresses: { lan: `10.1.0.1${at}` },
  ...more,
});

const around = {
  administrators: { ada: { sshKeys: [KEY] } },
  ssh: { cidrs: ["10.1.0.5/32"] },
  networks: { lan: { cidr: "10.1.0.0/24", gateway: "10.1.0.1" } },
};

const servers = (settings: object): Record<string, string> => ({
  "roost:servers": JSON.stringify({ ...around, machines: { office: machine(1) }, ...settings }),
});

/** One machine of which something is wrong. */
const office = (more: object, settings: object = {}) =>
  servers({ ...settings, machines: { office: machine(1, more) } });

/** One machine with a layout of which something is wrong. */
const layout = (pools: object, more: object = {}) =>
  office({ layout: "mine", ...more }, { layouts: { mine: { pools } } });

const inPool = (pool: string, serial: string, count: number, more: object = {}) =>
  disks(serial, count, { pool, ...more });

const rack = (at: number) => ({ rack: `rack-${at}`, powerFeeds: ["a", "b"] });
const vip = { kubernetes: { endpoint: { kind: "kube-vip", address: "10.1.0.30" } } };

/** Three machines in three racks, in an environment that is highly available. */
const ha = (changes: Readonly<Record<string, object>>, settings: object = {}) => ({
  ...servers({
    ...vip,
    machines: Object.fromEntries([1, 2, 3].map((at) => [`m${at}`, machine(at, { ...rack(at), ...changes[`m${at}`] })])),
    ...settings,
  }),
  "roost:availability": "ha",
});

const CONTROL = { role: "control-plane" };

/** Three control planes in three racks, and workers where it is said. */
const sixMachines = (workers: Readonly<Record<"w1" | "w2" | "w3", object>>) => ({
  ...Object.fromEntries([1, 2, 3].map((at) => [`m${at}`, machine(at, { ...rack(at), ...CONTROL })])),
  ...Object.fromEntries(
    Object.entries(workers).map(([name, more], at) => [name, machine(at + 4, { role: "worker", ...more })]),
  ),
});

/** Fleets that nothing is wrong with. */
export const goodServers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "one machine": servers({}),
  "one machine with an image": office({ os: { distribution: "debian", installer: "cloud-init" } }),
  "one machine with a layout": layout(
    {
      system: { encryption: { unlock: ["tpm2", "escrow"] } },
      data: { raid: "raid6", volumes: { postgres: { sizeGiB: 500 }, media: {} } },
    },
    { disks: [...disks("S", 2), ...inPool("data", "D", 5), ...inPool("data", "E", 1, { spare: true })] },
  ),
  "three machines": ha({}),
  "three machines that the environment runs on": {
    ...ha({}),
    "roost:cluster": JSON.stringify({
      kind: "kubeconfig",
      apiServerCidrs: ["10.1.0.11/32", "10.1.0.12/32", "10.1.0.13/32"],
    }),
    "roost:images": JSON.stringify({ source: "upstream" }),
  },
  "three machines in one rack, when that is accepted": ha({ m2: rack(1), m3: rack(1) }, { survive: "server" }),
};

const descriptions: BadSetting[] = [
  {
    title: "a machine with nobody to administer it",
    config: servers({ administrators: {} }),
    path: "servers.administrators",
    remedy: "ssh-ed25519",
  },
  {
    title: "administrators who may do nothing",
    config: servers({ administrators: { ada: { sshKeys: [KEY], sudo: "none" } } }),
    path: "servers.administrators",
    given: "an object with ada",
    remedy: 'sudo "all"',
  },
  {
    title: "root as an administrator",
    config: servers({ administrators: { root: { sshKeys: [KEY] } } }),
    path: "servers.administrators.root",
    given: '"root"',
    remedy: "own name",
  },
  {
    title: "two people with one key",
    config: servers({ administrators: { ada: { sshKeys: [KEY] }, alan: { sshKeys: [KEY] } } }),
    path: "servers.administrators.alan.sshKeys.0",
    given: '"AAAAC3Nza',
    remedy: "a key of their own",
  },
  {
    title: "a password where a key belongs",
    config: servers({ administrators: { ada: { sshKeys: ["correct horse"] } } }),
    path: "servers.administrators.ada.sshKeys.0",
    given: '"correct horse"',
    remedy: "ssh-ed25519",
  },
  {
    title: "a host name with an underscore",
    config: servers({ machines: { db_1: machine(1) } }),
    path: "servers.machines.db_1",
    given: 'the name "db_1"',
    remedy: "office",
  },
  {
    title: "a role that does not exist",
    config: office({ role: "workr" }),
    path: "servers.machines.office.role",
    given: '"workr"',
    remedy: 'write "worker"',
  },
  {
    title: "a machine without disks",
    config: office({ disks: [] }),
    path: "servers.machines.office.disks",
    given: "[]",
    remedy: "sizeGB",
  },
  {
    title: "a layout that is not described",
    config: office({ layout: "databse" }, { layouts: { database: { pools: { system: {} } } } }),
    path: "servers.machines.office.layout",
    given: '"databse"',
    remedy: 'write "database"',
  },
  {
    title: "Metal3 with an installer",
    config: office({ bmc: BMC }),
    path: "servers.machines.office.bmc",
    given: "an object with address",
    remedy: 'installer "cloud-init"',
  },
  {
    title: "a release of another distribution",
    config: servers({ os: { distribution: "rocky", release: "24.04" } }),
    path: "servers.os.release",
    given: '"24.04"',
    remedy: 'write "9"',
  },
  {
    title: "a machine with the name that users know",
    config: { ...servers({ domain: "roost.test", machines: { chat: machine(1) } }) },
    path: "servers.machines.chat",
    given: '"chat.roost.test"',
    remedy: "another name",
  },
];

const storage: BadSetting[] = [
  {
    title: "a disk by a name that changes",
    config: office({ disks: [{ id: "/dev/sda", sizeGB: 960 }] }),
    path: "servers.machines.office.disks.0.id",
    given: '"/dev/sda"',
    remedy: "nvme-SAMSUNG",
  },
  {
    title: "a partition for a disk",
    config: office({ disks: [{ id: "ata-ROOST_A0-part1", sizeGB: 960 }] }),
    path: "servers.machines.office.disks.0.id",
    given: '"ata-ROOST_A0-part1"',
    remedy: 'write "ata-ROOST_A0"',
  },
  {
    title: "a disk that is named twice",
    config: office({ disks: [...disks("A", 1), ...disks("A", 1)] }),
    path: "servers.machines.office.disks.1.id",
    given: '"ata-ROOST_A0"',
    remedy: "/dev/disk/by-id",
  },
  {
    title: "a disk of two machines",
    config: ha({ m2: { disks: disks("M1", 2) } }),
    path: "servers.machines.m2.disks.0.id",
    given: '"ata-ROOST_M10"',
    remedy: "/dev/disk/by-id",
  },
  {
    title: "a size with a unit",
    config: office({ disks: [{ id: "ata-ROOST_A0", sizeGB: "960 GB" }] }),
    path: "servers.machines.office.disks.0.sizeGB",
    given: '"960 GB"',
    remedy: "write",
  },
  {
    title: "RAID 6 of three disks",
    config: layout({ system: { raid: "raid6" } }, { disks: disks("A", 3) }),
    path: "servers.machines.office.disks",
    given: "3 disks in raid6",
    remedy: 'raid "raid1"',
  },
  {
    title: "RAID 10 of two disks and a spare",
    config: layout({ system: { raid: "raid10" } }, { disks: [...disks("A", 2), ...disks("B", 1, { spare: true })] }),
    path: "servers.machines.office.disks",
    given: "beside 1 spare",
    remedy: "add disks",
  },
  {
    title: "two disks without RAID",
    config: layout({ system: { raid: "none" } }),
    path: "servers.machines.office.disks",
    given: "2 disks in a pool without RAID",
    remedy: 'raid "raid1"',
  },
  {
    title: "a spare that nothing can be rebuilt on",
    config: office({ disks: [...disks("A", 1), ...disks("B", 1, { spare: true })] }),
    path: "servers.machines.office.disks.1.spare",
    given: "true",
    remedy: "remove it",
  },
  {
    title: "disks of different size in one array",
    config: office({ disks: [...disks("A", 1), ...disks("B", 1, { sizeGB: 1920 })] }),
    path: "servers.machines.office.disks.1.sizeGB",
    given: "1920",
    remedy: "write 960",
  },
  {
    title: "a spare that is too small",
    config: office({ disks: [...disks("A", 2), ...disks("B", 1, { sizeGB: 480, spare: true })] }),
    path: "servers.machines.office.disks.2.sizeGB",
    given: "480",
    remedy: "a larger spare",
  },
  {
    title: "one disk where availability is asked for",
    config: ha({ m2: { disks: disks("A", 1) } }),
    path: "servers.machines.m2.disks",
    given: 'one disk (pool "system")',
    remedy: "add a second disk",
  },
  {
    title: "data on RAID 0 where availability is asked for",
    config: ha(
      { m1: { layout: "fast", disks: [...disks("M1", 2), ...inPool("data", "F", 2)] } },
      { layouts: { fast: { pools: { system: {}, data: { raid: "raid0", volumes: { postgres: {} } } } } } },
    ),
    path: "servers.layouts.fast.pools.data.raid",
    given: '"raid0"',
    remedy: 'raid "raid1"',
  },
  {
    title: "a disk of a pool that the layout does not have",
    config: layout({ system: {}, data: {} }, { disks: [...disks("A", 2), ...inPool("dta", "D", 2)] }),
    path: "servers.machines.office.disks.2.pool",
    given: '"dta"',
    remedy: 'write "data"',
  },
  {
    title: "a pool without disks",
    config: layout({ system: {}, data: {} }),
    path: "servers.machines.office.disks",
    given: 'no disk in the pool "data"',
    remedy: 'pool "data"',
  },
  {
    title: "a system that no disk holds",
    config: office({ disks: inPool("data", "A", 2) }),
    path: "servers.machines.office.disks",
    remedy: 'installer "cloud-init"',
  },
  {
    title: "a chunk that is no power of two",
    config: layout({ system: { chunkKiB: 500 } }),
    path: "servers.layouts.mine.pools.system.chunkKiB",
    given: "500",
    remedy: "write 512",
  },
  {
    title: "volumes that the disks cannot hold",
    config: layout({ system: { volumes: { root: { sizeGiB: 32 }, postgres: { sizeGiB: 2000 } } } }),
    path: "servers.layouts.mine.pools.system.volumes",
    given: "volumes of 2032 GiB",
    remedy: "make servers",
  },
  {
    title: "a disk that is too small for the usual volumes",
    config: office({ disks: disks("A", 2, { sizeGB: 64 }) }),
    path: "servers.machines.office.disks",
    given: 'GiB in the pool "system"',
    remedy: "make servers",
  },
  {
    title: "two volumes that take all the rest",
    config: layout({ system: { volumes: { root: {}, local: {} } } }),
    path: "servers.layouts.mine.pools.system.volumes.local.sizeGiB",
    remedy: "in GiB",
  },
  {
    title: "a system without root",
    config: layout({ system: { volumes: { postgres: {} } } }),
    path: "servers.layouts.mine.pools.system.volumes",
    given: "an object with postgres",
    remedy: '"root"',
  },
  {
    title: "two volumes at one place",
    config: layout({
      system: { volumes: { root: {}, media: { sizeGiB: 9 }, backup: { sizeGiB: 9, mountPoint: "/srv/media" } } },
    }),
    path: "servers.layouts.mine.pools.system.volumes.backup.mountPoint",
    given: '"/srv/media"',
    remedy: "another directory",
  },
  {
    title: "a volume for a purpose that does not exist",
    config: layout({ system: { volumes: { root: {}, mongodb: { sizeGiB: 9 } } } }),
    path: "servers.layouts.mine.pools.system.volumes.mongodb",
    given: 'the name "mongodb"',
    remedy: "postgres",
  },
  {
    title: "encryption that nobody can open",
    config: layout({ system: { encryption: { unlock: [] } } }),
    path: "servers.layouts.mine.pools.system.encryption.unlock",
    given: "[]",
    remedy: "tpm2",
  },
  {
    title: "encryption that waits for a person where availability is asked for",
    config: ha(
      { m1: { layout: "safe" } },
      { layouts: { safe: { pools: { system: { encryption: { unlock: ["escrow"] } } } } } },
    ),
    path: "servers.layouts.safe.pools.system.encryption.unlock",
    given: '["escrow"]',
    remedy: "tpm2",
  },
  {
    title: "network-bound unlock without servers",
    config: layout({ system: { encryption: { unlock: ["tang"] } } }),
    path: "servers.layouts.mine.pools.system.encryption.tangServers",
    given: "[]",
    remedy: "thumbprint",
  },
  {
    title: "more Tang servers asked for than there are",
    config: layout({ system: { encryption: { unlock: ["tang"], tangServers: [TANG], tangThreshold: 2 } } }),
    path: "servers.layouts.mine.pools.system.encryption.tangThreshold",
    given: "2",
    remedy: "write 1",
  },
  {
    title: "a machine that waits for itself",
    config: layout({
      system: { encryption: { unlock: ["tang"], tangServers: [{ ...TANG, url: "http://10.1.0.11:7500" }] } },
    }),
    path: "servers.layouts.mine.pools.system.encryption.tangServers.0.url",
    given: '"http://10.1.0.11:7500"',
    remedy: "not encrypted",
  },
  {
    title: "a controller that nothing can configure",
    config: layout(
      { system: { raid: "raid1" } },
      { controllers: { system: { controller: "RAID.1", volumeId: "wwn-0x6d0946606e5d4b00" } } },
    ),
    path: "servers.machines.office.controllers.system",
    given: "an object with controller",
    remedy: "software RAID",
  },
];

const lan = (more: object) => ({ networks: { lan: { ...around.networks.lan, ...more } } });

const networks: BadSetting[] = [
  {
    title: "networks that overlap",
    config: servers({ networks: { ...around.networks, san: { cidr: "10.1.0.128/25", link: "san0" } } }),
    path: "servers.networks.san.cidr",
    given: '"10.1.0.128/25"',
    remedy: "another range",
  },
  {
    title: "a network that overlaps the pods'",
    config: servers({ kubernetes: { podCidrs: ["10.1.0.0/16"] } }),
    path: "servers.kubernetes.podCidrs.0",
    given: '"10.1.0.0/16"',
    remedy: "another range",
  },
  {
    title: "a network that is the address of a machine",
    config: servers(lan({ cidr: "10.1.0.7/24" })),
    path: "servers.networks.lan.cidr",
    given: '"10.1.0.7/24"',
    remedy: 'write "10.1.0.0/24"',
  },
  {
    title: "a gateway outside its network",
    config: servers(lan({ gateway: "10.1.1.1" })),
    path: "servers.networks.lan.gateway",
    given: '"10.1.1.1"',
    remedy: "router's address",
  },
  {
    title: "an address outside its network",
    config: office({ addresses: { lan: "10.1.1.11" } }),
    path: "servers.machines.office.addresses.lan",
    given: '"10.1.1.11"',
    remedy: "an address of this network",
  },
  {
    title: "the broadcast address for a machine",
    config: office({ addresses: { lan: "10.1.0.255" } }),
    path: "servers.machines.office.addresses.lan",
    given: '"10.1.0.255"',
    remedy: "an address of this network",
  },
  {
    title: "the gateway's address for a machine",
    config: office({ addresses: { lan: "10.1.0.1" } }),
    path: "servers.machines.office.addresses.lan",
    given: '"10.1.0.1"',
    remedy: "a free address",
  },
  {
    title: "an address with a prefix",
    config: office({ addresses: { lan: "10.1.0.11/24" } }),
    path: "servers.machines.office.addresses.lan",
    given: '"10.1.0.11/24"',
    remedy: "10.1.0.11",
  },
  {
    title: "an address in an unknown network",
    config: office({ addresses: { lna: "10.1.0.11" } }),
    path: "servers.machines.office.addresses.lna",
    given: '"10.1.0.11"',
    remedy: 'write it at "lan"',
  },
  {
    title: "two machines with one address",
    config: ha({ m3: { addresses: { lan: "10.1.0.11" } } }),
    path: "servers.machines.m3.addresses.lan",
    given: '"10.1.0.11"',
    remedy: "a free address",
  },
  {
    title: "two machines with one MAC address",
    config: ha({ m2: { links: { lan0: { macs: ["3c:ec:ef:00:00:01"] } } } }),
    path: "servers.machines.m2.links.lan0.macs.0",
    given: '"3c:ec:ef:00:00:01"',
    remedy: "ip link",
  },
  {
    title: "the MAC address of a group",
    config: office({ links: { lan0: { macs: ["01:00:5e:00:00:01"] } } }),
    path: "servers.machines.office.links.lan0.macs.0",
    given: '"01:00:5e:00:00:01"',
    remedy: "ip link",
  },
  {
    title: "a MAC address in capitals",
    config: office({ links: { lan0: { macs: ["3C:EC:EF:00:00:01"] } } }),
    path: "servers.machines.office.links.lan0.macs.0",
    given: '"3C:EC:EF:00:00:01"',
    remedy: 'write "3c:ec:ef:00:00:01"',
  },
  {
    title: "a VLAN with larger frames than the bond below it",
    config: office(
      { links: { bond0: { macs: ["3c:ec:ef:00:00:01", "3c:ec:ef:00:00:02"], mtu: 1500 } } },
      lan({ vlan: 10, mtu: 9000 }),
    ),
    path: "servers.networks.lan.mtu",
    given: "9000",
    remedy: "write 1500",
  },
  {
    title: "a bond of one interface",
    config: office({ links: { bond0: { macs: ["3c:ec:ef:00:00:01"], bond: "802.3ad" } } }),
    path: "servers.machines.office.links.bond0.bond",
    given: '"802.3ad"',
    remedy: "second interface",
  },
  {
    title: "two links and no word on which of them a network lies",
    config: office({ links: { lan0: { macs: ["3c:ec:ef:00:00:01"] }, lan1: { macs: ["3c:ec:ef:00:00:02"] } } }),
    path: "servers.networks.lan.link",
    remedy: 'write "lan0"',
  },
  {
    title: "a link that the machine does not have",
    config: office({}, lan({ link: "bond0" })),
    path: "servers.machines.office.links",
    given: "an object with lan0",
    remedy: "add the link",
  },
  {
    title: "a link with the name of a VLAN",
    config: office({ links: { lan: { macs: ["3c:ec:ef:00:00:01"] } } }, lan({ vlan: 10 })),
    path: "servers.machines.office.links.lan",
    given: "an object with macs",
    remedy: "trunk0",
  },
  {
    title: "two networks with one VLAN",
    config: office(
      { addresses: { lan: "10.1.0.11", san: "10.2.0.11" } },
      {
        networks: {
          lan: { cidr: "10.1.0.0/24", gateway: "10.1.0.1", vlan: 10 },
          san: { cidr: "10.2.0.0/24", vlan: 10 },
        },
      },
    ),
    path: "servers.networks.san.vlan",
    given: '"10 on lan0"',
    remedy: "the switch",
  },
  {
    title: "two default routes",
    config: office(
      { addresses: { lan: "10.1.0.11", san: "10.2.0.11" } },
      { networks: { ...around.networks, san: { cidr: "10.2.0.0/24", gateway: "10.2.0.1" } } },
    ),
    path: "servers.machines.office.addresses",
    given: '["lan","san"]',
    remedy: "all but one",
  },
  {
    title: "a VLAN tag that cannot be",
    config: servers(lan({ vlan: 4095 })),
    path: "servers.networks.lan.vlan",
    given: "4095",
    remedy: "write 4094 or less",
  },
];

const access: BadSetting[] = [
  {
    title: "a firewall that locks everybody out",
    config: servers({ ssh: { cidrs: [] } }),
    path: "servers.ssh.cidrs",
    given: "[]",
    remedy: "10.9.0.5/32",
  },
  {
    title: "SSH for the whole world",
    config: servers({ ssh: { cidrs: ["0.0.0.0/0"] } }),
    path: "servers.ssh.cidrs.0",
    given: '"0.0.0.0/0"',
    remedy: "10.9.0.5/32",
  },
  {
    title: "SSH on the port of the Kubernetes API",
    config: servers({ ssh: { cidrs: ["10.1.0.5/32"], port: 6443 } }),
    path: "servers.ssh.port",
    given: "6443",
    remedy: "write 22",
  },
  {
    title: "no network that SSH comes by",
    config: servers(lan({ carries: ["cluster"] })),
    path: "servers.machines.office.addresses",
    given: '["lan"]',
    remedy: '"management"',
  },
  {
    title: "administrators whom the machine cannot answer",
    config: servers({
      ssh: { cidrs: ["10.9.0.5/32"] },
      networks: { lan: { cidr: "10.1.0.0/24" } },
      dns: { servers: ["10.1.0.2"] },
    }),
    path: "servers.machines.office.addresses",
    given: '["lan"]',
    remedy: "the gateway",
  },
  {
    title: "a second way in to SSH",
    config: servers({ firewall: { extra: [{ reason: "support", port: 22, cidrs: ["192.0.2.0/24"] }] } }),
    path: "servers.firewall.extra.0.port",
    given: "22",
    remedy: "roost:servers.ssh.cidrs",
  },
  {
    title: "etcd for others",
    config: servers({ firewall: { extra: [{ reason: "backup", port: 2379, cidrs: ["192.0.2.0/24"] }] } }),
    path: "servers.firewall.extra.0.port",
    given: "2379",
    remedy: "remove it",
  },
  {
    title: "metrics for the whole world",
    config: servers({ firewall: { monitoringCidrs: ["::/0"] } }),
    path: "servers.firewall.monitoringCidrs.0",
    given: '"::/0"',
    remedy: "10.9.0.5/32",
  },
  {
    title: "a firewall that lets everything in",
    config: servers({ firewall: { inbound: "accept" } }),
    path: "servers.firewall.inbound",
    given: '"accept"',
    remedy: "docs/settings.md",
  },
];

const availability: BadSetting[] = [
  {
    title: "no control plane",
    config: office({ role: "worker" }),
    path: "servers.machines",
    given: "no control plane",
    remedy: '"control-plane"',
  },
  {
    title: "two control planes",
    config: servers({ ...vip, machines: { m1: machine(1), m2: machine(2) } }),
    path: "servers.machines",
    given: "2 control planes",
    remedy: "add one",
  },
  {
    title: "one control plane where availability is asked for",
    config: { ...servers({}), "roost:availability": "ha" },
    path: "servers.machines",
    given: "1 control plane",
    remedy: "add two machines",
  },
  {
    title: "three control planes that all depend on the first",
    config: ha({}, { kubernetes: { endpoint: { kind: "node" } } }),
    path: "servers.kubernetes.endpoint.kind",
    given: '"node"',
    remedy: "kube-vip",
  },
  {
    title: "a virtual address that is nowhere near",
    config: ha({}, { kubernetes: { endpoint: { kind: "kube-vip", address: "10.8.0.30" } } }),
    path: "servers.kubernetes.endpoint.address",
    given: '"10.8.0.30"',
    remedy: "write one of it",
  },
  {
    title: "a rack that takes the quorum along",
    config: ha({ m2: rack(1) }),
    path: "servers.machines.m2.rack",
    given: '"rack-1"',
    remedy: "roost:servers.survive server",
  },
  {
    title: "a power feed that takes the quorum along",
    config: ha({ m1: { powerFeeds: ["a"] }, m3: { powerFeeds: ["a"] } }),
    path: "servers.machines.m3.powerFeeds",
    given: '["a"]',
    remedy: "no power feed has half",
  },
  {
    title: "a database with fewer places than instances",
    config: ha({ m3: { role: "control-plane" } }),
    path: "servers.machines",
    given: "2 with a volume for PostgreSQL (m1, m2)",
    remedy: "add a volume postgres",
  },
  {
    title: "one edge where availability is asked for",
    config: ha({ m1: { role: "control-plane" }, m2: { role: "control-plane" } }),
    path: "servers.machines.m3.role",
    given: '"all-in-one"',
    remedy: "second edge",
  },
  {
    title: "a control plane that nothing is let out to",
    config: {
      ...servers({}),
      "roost:cluster": JSON.stringify({ kind: "kubeconfig", apiServerCidrs: ["10.1.0.99/32"] }),
      "roost:images": JSON.stringify({ source: "upstream" }),
    },
    path: "servers.machines.office.addresses.lan",
    given: '"10.1.0.11"',
    remedy: 'add "10.1.0.11/32"',
  },
];

/** On the cluster that the machines become, on their own volumes. */
const own = (config: Readonly<Record<string, string>>, cluster: object = {}) => ({
  ...config,
  "roost:cluster": JSON.stringify({
    kind: "kubeconfig",
    apiServerCidrs: ["10.1.0.11/32", "10.1.0.12/32", "10.1.0.13/32"],
    ...cluster,
  }),
  "roost:images": JSON.stringify({ source: "upstream" }),
});
/** Disks of their own for data, so that the layout says everything of them. */
const withData = (volumes: object, more: object = {}) => ({
  layouts: { mine: { pools: { system: {}, data: { volumes } } } },
  ...more,
});
const dataDisks = (at: number) => ({ layout: "mine", disks: [...disks(`M${at}`, 2), ...inPool("data", `D${at}`, 2)] });
const onData = (volumes: object) => own(office(dataDisks(1), withData(volumes)));

const places: BadSetting[] = [
  {
    title: "a database that no machine has a volume for",
    config: onData({ media: {} }),
    path: "servers.machines",
    given: "no volume for PostgreSQL",
    remedy: "roost:cluster.storageClass",
  },
  {
    title: "files of people that no machine has a volume for",
    config: onData({ postgres: {} }),
    path: "servers.machines",
    given: "no volume for Synapse's media",
    remedy: 'add "media"',
  },
  {
    title: "a directory that no machine has a volume for",
    config: {
      ...onData({ postgres: {}, media: {} }),
      "roost:identity": JSON.stringify({ kind: "sso", directory: { kind: "embedded" } }),
    },
    path: "identity.directory.kind",
    given: '"embedded", on volumes of the described machines',
    remedy: "roost:cluster.storageClass",
  },
  {
    title: "a volume that is too small for the database",
    config: onData({ postgres: { sizeGiB: 2 }, media: {} }),
    path: "servers.layouts.mine.pools.data.volumes.postgres.sizeGiB",
    given: "2",
    remedy: "or more",
  },
  {
    title: "disks that are too small for the files that people send",
    config: { ...own(servers({})), "roost:im": JSON.stringify({ engine: "matrix", media: { storageGiB: 4000 } }) },
    path: "servers.machines.office.disks",
    given: "GiB for local",
    remedy: "larger disks",
  },
  {
    title: "two instances of the database in one rack",
    config: own(ha({}, { machines: sixMachines({ w1: rack(1), w2: rack(2), w3: rack(2) }) })),
    path: "servers.machines.w3.rack",
    given: "volumes for PostgreSQL in rack-1, rack-2 alone",
    remedy: "further racks",
  },
  {
    title: "two instances of the database at one power feed",
    config: own(
      ha(
        {},
        {
          machines: sixMachines({
            w1: rack(1),
            w2: { ...rack(2), powerFeeds: ["b"] },
            w3: { ...rack(3), powerFeeds: ["b"] },
          }),
        },
      ),
    ),
    path: "servers.machines.w3.powerFeeds",
    given: '["b"]',
    remedy: "two feeds each",
  },
];

const accepted: BadSetting[] = [
  {
    title: "an accepted layout that is not the one described",
    config: office({ acceptedLayout: "0123abcd" }),
    path: "servers.machines.office.acceptedLayout",
    given: '"0123abcd"',
    remedy: "remove it",
  },
  {
    title: "an accepted layout that is no name of one",
    config: office({ acceptedLayout: "yes" }),
    path: "servers.machines.office.acceptedLayout",
    given: '"yes"',
    remedy: "1f2e3d4c",
  },
];

const image = { os: { distribution: "debian", installer: "cloud-init" } };
const metal3 = (bmc: object, more: object = {}, settings: object = {}) => ({
  ...office({ ...image, ...more, bmc: { ...BMC, ...bmc } }, { metal3: { context: "management" }, ...settings }),
  "roost:bmcCredentials": JSON.stringify({ office: { username: "metal3", password: "correct horse" } }),
});
const byController = {
  disks: [...inPool("data", "D", 4)],
  layout: "mine",
  controllers: { data: { controller: "RAID.Integrated.1-1", volumeId: "wwn-0x6d0946606e5d4b002c1d0f5f1a2b3c4d" } },
};
const RAID6 = { layouts: { mine: { pools: { data: { raid: "raid6" } } } } };

const metal3Cases: BadSetting[] = [
  {
    title: "a password of a management controller in plain text",
    config: metal3({}),
    path: "bmcCredentials.office.password",
    given: "a secret (length 13) in plain text",
    remedy: "pulumi config set --secret",
    hidden: "correct horse",
  },
  {
    title: "a management controller that nobody can sign in to",
    config: { ...metal3({}), "roost:bmcCredentials": "{}" },
    path: "bmcCredentials.office",
    remedy: "pulumi config set --secret",
  },
  {
    title: "a password for a machine without management controller",
    config: {
      ...servers({}),
      "roost:bmcCredentials": JSON.stringify({ tower: { username: "metal3", password: "correct horse" } }),
    },
    path: "bmcCredentials.tower",
    given: '"tower"',
    remedy: "describe the machine's bmc",
    hidden: "correct horse",
  },
  {
    title: "a machine for a Metal3 that is nowhere",
    config: metal3({}, {}, { metal3: undefined }),
    path: "servers.metal3",
    remedy: '{"context":"management"}',
  },
  {
    title: "a machine that no image is for",
    config: metal3({ image: undefined }),
    path: "servers.machines.office.bmc.image",
    remedy: "roost:servers.metal3.image",
  },
  {
    title: "an image by a checksum that proves nothing",
    config: metal3({ image: { url: "http://10.9.0.2/debian.qcow2", checksum: "d41d8cd98f00b204e9800998ecf8427e" } }),
    path: "servers.machines.office.bmc.image.checksum",
    given: '"d41d8cd98f00b204e9800998ecf8427e"',
    remedy: "abab",
  },
  {
    title: "an image that may go to any disk",
    config: metal3({ rootDisk: {} }),
    path: "servers.machines.office.bmc.rootDisk",
    given: "an empty object",
    remedy: "lsblk",
  },
  {
    title: "an image that would overwrite a disk with data",
    config: metal3({ rootDisk: { serialNumber: "M10" } }),
    path: "servers.machines.office.bmc.rootDisk",
    given: "an object with serialNumber",
    remedy: "remove the other from disks",
  },
  {
    title: "an array on a controller that IPMI should make",
    config: metal3({ address: "ipmi://10.9.0.1" }, byController, RAID6),
    path: "servers.machines.office.bmc.address",
    given: '"ipmi://10.9.0.1"',
    remedy: "Redfish",
  },
  {
    title: "a hot spare that nobody would assign",
    config: metal3(
      {},
      { ...byController, disks: [...byController.disks, ...inPool("data", "E", 1, { spare: true })] },
      RAID6,
    ),
    path: "servers.machines.office.disks.4.spare",
    given: "true",
    remedy: "assign it at the controller",
  },
  {
    title: "a VLAN on a machine that Metal3 installs",
    config: metal3({}, {}, { networks: { lan: { cidr: "10.1.0.0/24", gateway: "10.1.0.1", vlan: 10 } } }),
    path: "servers.machines.office.addresses.lan",
    given: '"10.1.0.11"',
    remedy: "untag",
  },
  {
    title: "a bond that Metal3 would call otherwise",
    config: metal3({}, { links: { uplink: { macs: ["3c:ec:ef:00:00:01", "3c:ec:ef:00:00:02"] } } }),
    path: "servers.machines.office.links.uplink",
    given: "an object with macs",
    remedy: '"bond0"',
  },
];

export const badServers: readonly BadSetting[] = [
  ...descriptions,
  ...storage,
  ...networks,
  ...access,
  ...availability,
  ...places,
  ...accepted,
  ...metal3Cases,
];
