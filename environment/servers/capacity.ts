import { dataDisks, partitionsOf } from "./partitions.ts";
import type { Pool, RaidLevel, StorageLayout } from "./storage.ts";

/** LVM gives space in extents of this size, in MiB. */
export const EXTENT_MIB = 4;
/** LUKS2's header with its key slots, as cryptsetup makes it (`cryptsetup luksDump`: offset 16777216), in MiB. */
const LUKS_MIB = 16;
/** LVM's description of itself before the first extent (`pvs -o pe_start`), in MiB. */
const LVM_MIB = 1;
const MIB_IN_KIB = 1024;

/** What a pool holds for volumes, in MiB: whole extents, after partitions, array, encryption and LVM have taken theirs. */
export function usableMiB(layout: StorageLayout, pool: Pool): number {
  const { redundancy } = pool;
  const memberMiB = partitionsOf(layout, pool).at(-1)?.sizeMiB ?? 0;
  const deviceMiB =
    redundancy.kind === "md" ? arrayMiB({ ...redundancy, members: redundancy.members.length, memberMiB }) : memberMiB;
  const encrypted = pool.encryption.kind === "luks2" ? LUKS_MIB : 0;
  return Math.max(0, Math.floor((deviceMiB - encrypted - LVM_MIB) / EXTENT_MIB) * EXTENT_MIB);
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
  const dataKiB = (memberMiB - mdDataOffsetMiB(memberMiB)) * MIB_IN_KIB;
  const grain = level === "raid1" ? 1 : chunkKiB;
  const eachKiB = Math.floor(dataKiB / grain) * grain;
  const totalKiB = Math.floor((eachKiB * dataDisks(level, members)) / grain) * grain;
  return Math.max(0, Math.floor(totalKiB / MIB_IN_KIB));
}

/**
 * Where a member's data begins: after the superblock, the bitmap, and room to reshape, which is a 1024th of the disk, a
 * power of two of at most 128 MiB. `mdadm --examine` shows it as "Data Offset".
 *
 * @source https://git.kernel.org/pub/scm/utils/mdadm/mdadm.git/tree/super1.c (validate_geometry1)
 */
export function mdDataOffsetMiB(memberMiB: number): number {
  let headroomMiB = 128;
  while (headroomMiB > 0.5 && headroomMiB * 1024 > memberMiB) headroomMiB /= 2;
  // Superblock and bitmap are far below 1 MiB, to whose multiple the whole is rounded up.
  return Math.floor(headroomMiB) + 1;
}
