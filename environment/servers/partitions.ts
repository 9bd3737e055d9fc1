import type { Disk, Pool, StorageLayout } from "./storage.ts";

/** One partition of a disk, as an installer must make it. Everything is a multiple of 1 MiB, so that nothing is misaligned. */
export interface Partition {
  /** Number in the GPT, from 1. */
  readonly number: number;
  /** Name in the GPT: `efi`, `bios`, `boot`, or that of the pool. */
  readonly label: string;
  /** "raid": a member of an array; "pool": what LUKS or LVM stands on directly; "boot" is a member too where the pool is an array. */
  readonly use: "efi" | "bios" | "boot" | "raid" | "pool";
  readonly startMiB: number;
  readonly sizeMiB: number;
}

const GPT_MIB = 1;
const BIOS_MIB = 1;

/** Left free at a disk's end, so that a replacement that is a little smaller still fits. */
export const RESERVE_MIB = 100;

/** Whole MiB of a disk of that size. */
export function mebibytes(sizeGB: number): number {
  return Math.floor((sizeGB * 1e9) / 2 ** 20);
}

/** Disks that the system sees and partitions, in the order of the array's slots, spares last. */
export function partitionedDisks({ redundancy }: Pool): readonly Disk[] {
  switch (redundancy.kind) {
    case "none":
      return [redundancy.disk];
    case "md":
      return [...redundancy.members, ...redundancy.spares];
    case "hardware":
      return [];
  }
}

/** The partitions of each disk of a pool, all alike: they are as large as the smallest disk allows. */
export function partitionsOf(layout: StorageLayout, pool: Pool): readonly Partition[] {
  const { system } = layout;
  const before: readonly Omit<Partition, "number" | "startMiB">[] =
    system.kind === "image" || system.pool !== pool.name
      ? []
      : [
          system.firmware === "uefi"
            ? { label: "efi", use: "efi", sizeMiB: system.efiMiB }
            : { label: "bios", use: "bios", sizeMiB: BIOS_MIB },
          { label: "boot", use: "boot", sizeMiB: system.bootMiB },
        ];
  const taken = before.reduce((sum, { sizeMiB }) => sum + sizeMiB, 0);
  const sizeMiB = Math.max(0, wholeDiskMiB(pool) - 2 * GPT_MIB - RESERVE_MIB - taken);
  const use = pool.redundancy.kind === "md" ? "raid" : "pool";
  return placed([...before, { label: pool.name, use, sizeMiB }]);
}

function placed(partitions: readonly Omit<Partition, "number" | "startMiB">[]): readonly Partition[] {
  let startMiB = GPT_MIB;
  return partitions.map((each, at) => {
    const partition = { ...each, number: at + 1, startMiB };
    startMiB += each.sizeMiB;
    return partition;
  });
}

/** What the smallest disk has, or the controller's volume. */
function wholeDiskMiB(pool: Pool): number {
  const { redundancy } = pool;
  if (redundancy.kind === "hardware") return controllerVolumeMiB(redundancy.level, redundancy.members);
  return Math.min(...partitionedDisks(pool).map(({ sizeGB }) => mebibytes(sizeGB)));
}

/** Controllers keep their own description (DDF and others) at the end of each disk; this much holds for those known. */
const CONTROLLER_MIB = 512;

function controllerVolumeMiB(level: Parameters<typeof dataDisks>[0], members: readonly Disk[]): number {
  const each = Math.min(...members.map(({ sizeGB }) => mebibytes(sizeGB))) - CONTROLLER_MIB;
  return Math.floor(each * dataDisks(level, members.length));
}

/** How many disks' worth of data an array of so many members holds. */
export function dataDisks(level: "raid0" | "raid1" | "raid5" | "raid6" | "raid10", members: number): number {
  switch (level) {
    case "raid0":
      return members;
    case "raid1":
      return 1;
    case "raid5":
      return members - 1;
    case "raid6":
      return members - 2;
    case "raid10":
      return members / 2;
  }
}
