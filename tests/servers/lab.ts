/** A machine as small as it may be, with everything that a large one has: what its settings would say. */
import { hostFiles } from "../../components/servers/first-boot/index.ts";
import type { Disk, Fleet, MountOption, Server, Volume, VolumePurpose } from "../../components/servers/model.ts";
import { office, single } from "../../components/servers/testing.ts";
import { guestMacs } from "./guest.ts";
import { lanAddress } from "./lan.ts";
import { LYNIS_PACKAGE } from "./lynis.ts";

/** Size of its disks, in MiB: a little more than the gigabyte on their labels. */
export const LAB_DISK_MIB = 1000;

export const administrator = "ada";
/** Where the tests come from, as the emulator's network shows them. */
export const BASTION = "10.0.2.2";

const disk = (serial: string): Disk => ({ id: `virtio-${serial}`, sizeGB: 1, media: "ssd" });

function volume(purpose: VolumePurpose, mountPoint: string, sizeMiB: number, more: Partial<Volume> = {}): Volume {
  const mountOptions: readonly MountOption[] = ["noatime", "nodev", "nosuid"];
  const content = { kind: "xfs", mountPoint, mountOptions } as const;
  return { name: purpose, purpose, sizeMiB, grows: false, content, whenMissing: "report", ...more };
}

/** Two mirrored disks, encrypted and opened by the TPM; four in RAID 6 with a spare. @param publicKey the administrator's */
export function labServer(publicKey: string): Server {
  const lan = {
    network: "lan",
    carries: ["management", "cluster", "storage", "public"],
    address: "10.0.2.15/24",
  } as const;
  return {
    ...office,
    name: "lab",
    operatingSystem: {
      distribution: "debian",
      release: "13",
      installer: "cloud-init",
      locale: "C.UTF-8",
      timeZone: "Etc/UTC",
    },
    administrators: [{ name: administrator, sshKeys: [publicKey], sudo: "all" }],
    storage: {
      system: { kind: "image" },
      pools: [
        {
          name: "fast",
          redundancy: { kind: "md", level: "raid1", members: [disk("m1"), disk("m2")], spares: [], chunkKiB: 512 },
          encryption: { kind: "luks2", unlock: [{ kind: "tpm2", pcrs: [7] }, { kind: "escrow" }], discards: true },
          volumes: [
            volume("etcd", "/var/lib/etcd", 128, {
              content: { kind: "ext4", mountPoint: "/var/lib/etcd", mountOptions: ["noatime", "nodev"] },
            }),
            volume("images", "/var/lib/containerd", 320),
          ],
        },
        {
          name: "data",
          redundancy: {
            kind: "md",
            level: "raid6",
            members: [disk("r1"), disk("r2"), disk("r3"), disk("r4")],
            spares: [disk("r5")],
            chunkKiB: 512,
          },
          encryption: { kind: "none" },
          volumes: [volume("postgres", "/srv/postgres", 512), volume("local", "/srv/local", 512, { grows: true })],
        },
      ],
    },
    network: {
      renderer: "netplan",
      links: [
        { kind: "ethernet", name: "lan0", mac: guestMacs[0], mtu: 1500, attached: [{ ...lan, gateway: BASTION }] },
      ],
      dns: { servers: ["10.0.2.3"], search: ["lab.example.org"] },
      time: { servers: [BASTION], nts: false },
    },
    firewall: { ...office.firewall, ssh: { port: 22, cidrs: [`${BASTION}/32`] }, confirmSeconds: 20 },
  };
}

/** Serial numbers of all its disks, in the order of their bays. */
export const labDisks = ["m1", "m2", "r1", "r2", "r3", "r4", "r5"] as const;

export function labFleet(server: Server): Fleet {
  return { ...single, servers: [server] };
}

/** Hosts of {@link Lan} by the last number of their addresses. Whoever is none of them is a stranger. */
export const lanHosts = { gateway: 1, bastion: 5, server: 11, controlPlane: 12, worker: 13 } as const;

/** Addresses behind the gateway: of one who may use the chat, and of somebody else. */
export const outside = { user: "192.0.2.9", stranger: "198.51.100.9" } as const;

/** The machine with its second card in the network between guests, by which all but the tests reach it. */
export function inLan(server: Server, host: "server" | "controlPlane" | "worker" = "server"): Server {
  return {
    ...server,
    network: {
      ...server.network,
      links: [
        {
          ...ethernet("admin0", guestMacs[0]),
          attached: [{ network: "admin", carries: ["management"], address: "10.0.2.15/24" }],
        },
        {
          ...ethernet("lan0", guestMacs[1]),
          attached: [
            {
              network: "lan",
              carries: ["management", "cluster", "storage", "public"],
              address: `${lanAddress(lanHosts[host])}/24`,
              gateway: lanAddress(lanHosts.gateway),
            },
          ],
        },
      ],
      time: { servers: [lanAddress(lanHosts.gateway)], nts: false },
    },
    firewall: {
      ...server.firewall,
      ssh: { ...server.firewall.ssh, cidrs: [`${BASTION}/32`, `${lanAddress(lanHosts.bastion)}/32`] },
    },
  };
}

function ethernet(name: string, mac: string) {
  return { kind: "ethernet", name, mac, mtu: 1500 } as const;
}

/** The machine among others: another control plane, a worker, and users of one network outside. */
export function lanFleet(server: Server): Fleet {
  const endpoint = { kind: "node", address: lanAddress(lanHosts.server), port: 6443 } as const;
  return {
    servers: [
      server,
      { ...inLan(server, "controlPlane"), name: "control", role: "control-plane" },
      { ...inLan(server, "worker"), name: "worker", role: "worker" },
    ],
    kubernetes: { ...single.kubernetes, endpoint },
    edge: { port: 443, cidrs: ["192.0.2.0/24"] },
  };
}

/** Packages that its first boot would install, had it a mirror; and lynis, so that all tests have one image. */
export function labPackages(server: Server): readonly string[] {
  const lists = hostFiles(server, labFleet(server)).filter(({ path }) => path.startsWith("/etc/roost/packages.d/"));
  const packages = lists.flatMap(({ content }) => content.split("\n"));
  return [...packages.filter((line) => line !== "" && !line.startsWith("#")), LYNIS_PACKAGE];
}
