import { type Partition, partitionsOf } from "../layout.ts";
import type { Fleet, Pool, Server, Volume } from "../model.ts";
import { refuseForeignDisks, systemDisks, systemPool } from "./blank-disks.ts";
import { clevisPins } from "./clevis.ts";
import { cloudConfig, yaml } from "./cloud-init.ts";
import { stableUuid } from "./identifiers.ts";
import { netplan } from "./netplan.ts";
import type { MachineSecrets } from "./secrets.ts";
import { quoted } from "./shell.ts";

/**
 * What Ubuntu's installer reads, as user-data of its own system: it makes the system's pool, and hands everything else to
 * cloud-init in the system that it has installed.
 * @source https://canonical-subiquity.readthedocs-hosted.com/en/latest/reference/autoinstall-reference.html
 */
export function autoinstallSeed(server: Server, fleet: Fleet, secrets: MachineSecrets) {
  const autoinstall = autoinstallConfig(server, fleet, secrets);
  return {
    "meta-data": yaml({ "instance-id": stableUuid(server, "installer") }),
    "user-data": `#cloud-config\n${yaml({ autoinstall })}`,
  };
}

export function autoinstallConfig(server: Server, fleet: Fleet, secrets: MachineSecrets) {
  const { operatingSystem } = server;
  const { mirror } = operatingSystem;
  return {
    version: 1,
    locale: operatingSystem.locale,
    keyboard: { layout: "us" },
    timezone: operatingSystem.timeZone,
    source: { id: "ubuntu-server-minimal" },
    updates: "security",
    ...(mirror !== undefined && { apt: { primary: [{ arches: ["default"], uri: mirror }], geoip: false } }),
    network: netplan(server.network),
    ssh: { "install-server": true, "allow-pw": false },
    "early-commands": [["sh", "-c", refuseForeignDisks(server)]],
    storage: { swap: { size: 0 }, config: storageActions(server, secrets) },
    "late-commands": unlockCommands(server, secrets),
    "user-data": cloudConfig(server, fleet, secrets),
  };
}

type Action = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

/**
 * What curtin does to the disks, from the bottom up.
 * @source https://curtin.readthedocs.io/en/latest/topics/storage.html
 */
export function storageActions(server: Server, secrets: MachineSecrets): readonly Action[] {
  const pool = systemPool(server);
  const partitions = partitionsOf(server.storage, pool);
  const disks = systemDisks(server).map((path, at) => ({ path, id: `disk-${at}` }));
  return [
    ...disks.flatMap(({ id, path }) => [
      disk(server, id, path),
      ...partitions.map((partition) => partitionAction(id, partition)),
    ]),
    ...bootActions(
      server,
      pool,
      disks.map(({ id }) => id),
    ),
    ...redundancyActions(
      pool,
      disks.map(({ id }) => id),
    ),
    ...encryptionActions(pool, secrets),
    { id: "group", type: "lvm_volgroup", name: pool.name, devices: [topOf(pool)], preserve: false },
    ...pool.volumes.flatMap(volumeActions),
  ];
}

function disk({ storage: { system } }: Server, id: string, path: string): Action {
  const bios = system.kind === "pool" && system.firmware === "bios";
  return { id, type: "disk", path, ptable: "gpt", wipe: "superblock", preserve: false, grub_device: bios };
}

function partitionAction(device: string, { label, use, number, sizeMiB, startMiB }: Partition): Action {
  return {
    id: `${device}-${label}`,
    type: "partition",
    device,
    number,
    offset: bytes(startMiB),
    size: bytes(sizeMiB),
    partition_name: label,
    wipe: "superblock",
    preserve: false,
    // Each disk can be started from alone.
    ...(use === "efi" && { flag: "boot", grub_device: true }),
    ...(use === "bios" && { flag: "bios_grub" }),
  };
}

function bootActions({ storage: { system } }: Server, pool: Pool, disks: readonly string[]): Action[] {
  if (system.kind === "image") return [];
  const [first] = disks;
  const array = pool.redundancy.kind === "md";
  const efi = disks.map((id): Action => {
    return { id: `${id}-efi-format`, type: "format", fstype: "fat32", volume: `${id}-efi`, preserve: false };
  });
  const boot = disks.map((id) => `${id}-boot`);
  return [
    ...(system.firmware === "uefi"
      ? [
          ...efi,
          { id: "efi-mount", type: "mount", device: `${first}-efi-format`, path: "/boot/efi", options: "umask=0077" },
        ]
      : []),
    ...(array
      ? [
          {
            id: "array-boot",
            type: "raid",
            name: "boot",
            raidlevel: 1,
            devices: boot,
            metadata: "1.2",
            preserve: false,
          },
        ]
      : []),
    {
      id: "boot-format",
      type: "format",
      fstype: "ext4",
      volume: array ? "array-boot" : `${first}-boot`,
      label: "boot",
      preserve: false,
    },
    { id: "boot-mount", type: "mount", device: "boot-format", path: "/boot", options: "nodev,nosuid,noexec" },
  ];
}

function redundancyActions({ name, redundancy }: Pool, disks: readonly string[]): Action[] {
  if (redundancy.kind !== "md") return [];
  const devices = disks.map((id) => `${id}-${name}`);
  const members = redundancy.members.length;
  return [
    {
      id: `array-${name}`,
      type: "raid",
      name,
      raidlevel: Number(redundancy.level.replace("raid", "")),
      devices: devices.slice(0, members),
      spare_devices: devices.slice(members),
      metadata: "1.2",
      preserve: false,
    },
  ];
}

function encryptionActions(pool: Pool, { passphrases }: MachineSecrets): Action[] {
  const { name, encryption } = pool;
  if (encryption.kind === "none") return [];
  const key = passphrases[name];
  if (key === undefined) throw new Error(`pool ${name} is encrypted, and there is no recovery passphrase for it`);
  const options = ["luks", "initramfs", ...(encryption.discards ? ["discard"] : [])];
  return [
    {
      id: `crypt-${name}`,
      type: "dm_crypt",
      volume: baseOf(pool),
      dm_name: `${name}_crypt`,
      key,
      options,
      preserve: false,
    },
  ];
}

/** What the encryption stands on. */
function baseOf({ name, redundancy }: Pool): string {
  return redundancy.kind === "md" ? `array-${name}` : `disk-0-${name}`;
}

/** What LVM stands on. */
function topOf(pool: Pool): string {
  return pool.encryption.kind === "none" ? baseOf(pool) : `crypt-${pool.name}`;
}

function volumeActions({ name, sizeMiB, grows, content }: Volume): Action[] {
  const volume: Action = {
    id: `volume-${name}`,
    type: "lvm_partition",
    name,
    volgroup: "group",
    // Without a size it takes what is left.
    ...(!grows && { size: bytes(sizeMiB) }),
    wipe: "superblock",
    preserve: false,
  };
  const format: Action = {
    id: `format-${name}`,
    type: "format",
    fstype: content.kind,
    volume: volume.id,
    preserve: false,
  };
  const mount = { id: `mount-${name}`, type: "mount", device: format.id };
  if (content.kind === "swap") return [volume, format, { ...mount, path: "" }];
  const { mountPoint: path, mountOptions } = content;
  return [volume, format, { ...mount, path, options: ["defaults", ...mountOptions].join(",") }];
}

function bytes(mebibytes: number): string {
  return `${mebibytes * 1024 * 1024}B`;
}

/** Ways to unlock the system's pool without a person: clevis, which its RAM disk understands. */
function unlockCommands(server: Server, { passphrases }: MachineSecrets): string[][] {
  const pool = systemPool(server);
  const pins = clevisPins(pool.encryption);
  if (pins.length === 0) return [];
  const packages = [
    "clevis",
    "clevis-luks",
    "clevis-initramfs",
    ...(pins.some(({ pin }) => pin === "tpm2") ? ["clevis-tpm2"] : []),
  ];
  const device =
    pool.redundancy.kind === "md"
      ? `/dev/md/${pool.name}`
      : `${systemDisks(server)[0]}-part${partitionsOf(server.storage, pool).length}`;
  const inTarget = "curtin in-target --target=/target --";
  const bind = pins.map(
    ({ pin, policy }) =>
      `printf %s ${quoted(passphrases[pool.name] ?? "")} | ${inTarget} clevis luks bind -y -k - -d ${device} ${pin} ${quoted(policy)}`,
  );
  return [
    ["sh", "-c", `${inTarget} apt-get install --yes ${packages.join(" ")}`],
    ...bind.map((command) => ["sh", "-c", command]),
    ["sh", "-c", `${inTarget} update-initramfs -u -k all`],
  ];
}
