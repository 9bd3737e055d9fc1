import type {
  DiskSettings,
  EncryptionSettings,
  LayoutSettings,
  MachineSettings,
  OperatingSystemSettings,
  PoolSettings,
  ServerSettings,
} from "../settings/servers/index.ts";
import { EXTENT_MIB, usableMiB } from "./capacity.ts";
import type { Sizes } from "./default-volumes.ts";
import { USUAL, usualVolumes } from "./default-volumes.ts";
import { entry } from "./entries.ts";
import type {
  Disk,
  Encryption,
  Pool,
  RaidLevel,
  Redundancy,
  StorageLayout,
  Unlock,
  Volume,
  VolumePurpose,
} from "./storage.ts";

const EFI_MIB = 512;
const BOOT_MIB = 1024;
const MIB_PER_GIB = 1024;
const DEFAULT_CHUNK_KIB = 512;

/** The operating system of a machine: its own, or that of all. */
export function systemOf(settings: Pick<ServerSettings, "os">, machine: MachineSettings): OperatingSystemSettings {
  return machine.os ?? settings.os;
}

/** Whether the system came with an image, so that no pool holds it. */
export function comesWithImage(settings: Pick<ServerSettings, "os">, machine: MachineSettings): boolean {
  return systemOf(settings, machine).installer === "cloud-init";
}

/** A pool as it was asked for: its disks, with their places in the machine's list, and what the layout says of it. */
export interface AskedPool {
  readonly name: string;
  readonly members: readonly (readonly [at: number, disk: DiskSettings])[];
  readonly spares: readonly (readonly [at: number, disk: DiskSettings])[];
  readonly raid: "none" | RaidLevel;
  /** What the layout says. @default the machine names no layout */
  readonly settings?: PoolSettings;
}

/** Names of the pools that the machine's disks belong to, the system's first. */
export function poolsAsked(settings: ServerSettings, machine: MachineSettings): readonly AskedPool[] {
  const usual = comesWithImage(settings, machine) ? "data" : "system";
  const disks = machine.disks.map((disk, at) => [at, disk] as const);
  const poolOf = (disk: DiskSettings) => disk.pool ?? usual;
  const layout = layoutOf(settings, machine);
  const names = [...new Set([...Object.keys(layout?.pools ?? {}), ...machine.disks.map(poolOf)])];
  return names
    .sort((a, b) => Number(b === "system") - Number(a === "system"))
    .map((name) => {
      const mine = disks.filter(([, disk]) => poolOf(disk) === name);
      const members = mine.filter(([, { spare }]) => !spare);
      const said = layout && entry(layout.pools, name);
      return {
        name,
        members,
        spares: mine.filter(([, { spare }]) => spare),
        raid: said?.raid ?? usualRaid(members.length),
        ...(said && { settings: said }),
      };
    });
}

export function layoutOf(settings: ServerSettings, { layout }: MachineSettings): LayoutSettings | undefined {
  return layout === undefined ? undefined : entry(settings.layouts, layout);
}

function usualRaid(disks: number): AskedPool["raid"] {
  if (disks <= 1) return "none";
  return disks <= 3 ? "raid1" : "raid10";
}

/** The complete storage of a machine whose description has passed all rules. */
export function storageOf(settings: ServerSettings, machine: MachineSettings): StorageLayout {
  const asked = poolsAsked(settings, machine);
  const names = asked.map(({ name }) => name);
  const system = systemStorageOf(settings, machine);
  const pools = asked.map((pool) => {
    const empty = emptyPoolOf(machine, pool);
    const room = usableMiB({ system, pools: [] }, empty);
    return { ...empty, volumes: volumesOf(sizesOf(machine, pool, names), room, pool.settings) };
  });
  return { system, pools };
}

/** Where the operating system goes. */
export function systemStorageOf(settings: ServerSettings, machine: MachineSettings): StorageLayout["system"] {
  if (comesWithImage(settings, machine)) return { kind: "image" };
  return { kind: "pool", pool: "system", firmware: machine.firmware, efiMiB: EFI_MIB, bootMiB: BOOT_MIB };
}

/** The pool before it has volumes, which is all that its capacity depends on. It must have a disk. */
export function emptyPoolOf(machine: MachineSettings, pool: AskedPool): Pool {
  return { name: pool.name, redundancy: redundancyOf(machine, pool), encryption: encryptionOf(pool), volumes: [] };
}

/** The sizes that volumes of the pool were given. */
export function sizesOf({ role }: MachineSettings, { name, settings }: AskedPool, pools: readonly string[]): Sizes {
  const { volumes } = settings ?? {};
  if (volumes === undefined) return usualVolumes(role, name, pools);
  return Object.fromEntries(Object.entries(volumes).map(([purpose, volume]) => [purpose, volume?.sizeGiB]));
}

function redundancyOf({ controllers }: MachineSettings, pool: AskedPool): Redundancy {
  const members = pool.members.map(([, disk]) => diskOf(disk));
  const spares = pool.spares.map(([, disk]) => diskOf(disk));
  const [first] = members;
  if (first === undefined) throw new Error(`pool ${pool.name} has no disks, and no rule has refused it`);
  if (pool.raid === "none") return { kind: "none", disk: first };
  const hardware = entry(controllers, pool.name);
  if (hardware !== undefined) return { kind: "hardware", level: pool.raid, ...hardware, members, spares };
  const chunkKiB = pool.settings?.chunkKiB ?? DEFAULT_CHUNK_KIB;
  return { kind: "md", level: pool.raid, members, spares, chunkKiB };
}

function diskOf({ id, sizeGB, media, bay }: DiskSettings): Disk {
  return { id, sizeGB, media, ...(bay !== undefined && { bay }) };
}

function encryptionOf({ settings, members }: AskedPool): Encryption {
  const { encryption } = settings ?? {};
  if (encryption === undefined) return { kind: "none" };
  const unlock = encryption.unlock.map((kind) => unlockOf(kind, encryption));
  return { kind: "luks2", unlock, discards: members.every(([, { media }]) => media !== "hdd") };
}

function unlockOf(
  kind: EncryptionSettings["unlock"][number],
  { tangServers, tangThreshold }: EncryptionSettings,
): Unlock {
  switch (kind) {
    case "tpm2":
      return { kind, pcrs: [7] };
    case "tang":
      return { kind, servers: tangServers, threshold: tangThreshold };
    case "escrow":
      return { kind };
  }
}

/** Volumes in the order of their mount points, the one that grows last. */
function volumesOf(sizes: Sizes, roomMiB: number, settings: PoolSettings | undefined): readonly Volume[] {
  const fixed = Object.values(sizes).reduce<number>((sum, size) => sum + (size ?? 0) * MIB_PER_GIB, 0);
  const left = Math.max(0, Math.floor((roomMiB - fixed) / EXTENT_MIB) * EXTENT_MIB);
  return purposesOf(sizes)
    .map((purpose) => {
      const size = sizes[purpose];
      const grows = size === undefined;
      return { ...volumeOf(purpose, settings), sizeMiB: grows ? left : size * MIB_PER_GIB, grows };
    })
    .sort((a, b) => Number(a.grows) - Number(b.grows));
}

function purposesOf(sizes: Sizes): VolumePurpose[] {
  const given = new Set(Object.keys(sizes));
  const all: readonly VolumePurpose[] = ["root", "swap", ...MOUNTED];
  return all.filter((purpose) => given.has(purpose));
}

/** Parents before what is mounted below them. */
const MOUNTED = [
  "home",
  "tmp",
  "var",
  "log",
  "audit",
  "etcd",
  "images",
  "local",
  "postgres",
  "kafka",
  "media",
  "backup",
] as const satisfies readonly VolumePurpose[];

function volumeOf(purpose: VolumePurpose, settings: PoolSettings | undefined): Omit<Volume, "sizeMiB" | "grows"> {
  if (purpose === "swap") return { name: purpose, purpose, content: { kind: "swap" }, whenMissing: "stop" };
  const said = settings?.volumes?.[purpose];
  const { mountPoint, fileSystem, mountOptions, whenMissing } = USUAL[purpose];
  const content = {
    kind: said?.fileSystem ?? fileSystem,
    mountPoint: said?.mountPoint ?? mountPoint,
    mountOptions:
      (said?.fileSystem ?? fileSystem) === "xfs" ? mountOptions : mountOptions.filter((each) => each !== "prjquota"),
  };
  return { name: purpose, purpose, content, whenMissing };
}
