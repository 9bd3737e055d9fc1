import { dataDisks, partitionsOf } from "./partitions.ts";
import type { Pool, RaidLevel, StorageLayout } from "./storage.ts";

/** LVM gives space in extents of this size, in MiB. */
export const EXTENT_MIB = 4;
/** LUKS2's header with its key slots, as cryptsetup makes it (`cryptsetup luksDump`: offset 16777216), in MiB at least. */
const LUKS_MIB = 16;
/** LVM's description of itself before the first extent (`pvs -o pe_start`), in MiB at least. */
const LVM_MIB = 1;
const MIB_IN_KIB = 1024;

/** What a pool holds for volumes, in MiB: whole extents, after partitions, array, encryption and LVM have taken theirs. */
export function usableMiB(layout: StorageLayout, pool: Pool): number {
  const { redundancy } = pool;
  const memberMiB = partitionsOf(layout, pool).at(-1)?.sizeMiB ?? 0;
  const deviceMiB =
    redundancy.kind === "md" ? arrayMiB({ ...redundancy, members: redundancy.members.length, memberMiB }) : memberMiB;
  // What is above the array begins with one of its stripes, where a write need not read what it does not change.
  const stripeMiB = stripeKiB(redundancy) / MIB_IN_KIB;
  const whole = (mib: number) => (stripeMiB === 0 ? mib : Math.ceil(mib / stripeMiB) * stripeMiB);
  const encrypted = pool.encryption.kind === "luks2" ? whole(LUKS_MIB) : 0;
  return Math.max(0, Math.floor((deviceMiB - encrypted - whole(LVM_MIB)) / EXTENT_MIB) * EXTENT_MIB);
}

/** What an array writes at once to all members that hold data; 0 where there are no stripes. */
function stripeKiB(redundancy: Pool["redundancy"]): number {
  if (redundancy.kind !== "md" || redundancy.level === "raid1") return 0;
  return redundancy.chunkKiB * dataDisks(redundancy.level, redundancy.members.length);
}

export interface ArrayShape {
  readonly level: RaidLevel;
  /** Members, without spares. */
  readonly members: number;
  /** Size of each member, in MiB. */
  readonly memberMiB: number;
  readonly chunkKiB: number;
}

/** Size of the array's device, in whole MiB, with metadata 1.2. */
export function arrayMiB({ level, members, memberMiB, chunkKiB }: ArrayShape): number {
  const chunked = level !== "raid1";
  const dataKiB = (memberMiB - mdDataOffsetMiB(memberMiB, chunked ? chunkKiB : 0)) * MIB_IN_KIB;
  const grain = chunked ? chunkKiB : 1;
  const eachKiB = Math.floor(dataKiB / grain) * grain;
  const totalKiB = Math.floor((eachKiB * dataDisks(level, members)) / grain) * grain;
  return Math.max(0, Math.floor(totalKiB / MIB_IN_KIB));
}

/**
 * Where a member's data begins: after the superblock, the bitmap, and room to reshape. That is a 1024th of the disk, a power
 * of two of at most 128 MiB, and of at least two chunks unless it is more. `mdadm --examine` shows it as "Data Offset".
 *
 * @param chunkKiB 0 where the level has none
 * @source https://git.kernel.org/pub/scm/utils/mdadm/mdadm.git/tree/super1.c (validate_geometry1)
 */
export function mdDataOffsetMiB(memberMiB: number, chunkKiB = 0): number {
  const leastMiB = Math.max(0.5, (2 * chunkKiB) / MIB_IN_KIB);
  let headroomMiB = 128;
  while (headroomMiB > leastMiB && headroomMiB * 1024 > memberMiB) headroomMiB /= 2;
  // Superblock and bitmap are far below 1 MiB, to whose multiple the whole is rounded up.
  return Math.floor(headroomMiB) + 1;
}
