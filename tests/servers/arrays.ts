/** A machine with an array of each level, on disks so small that they are made and rebuilt in seconds. */
import type { Pool, Redundancy, Server } from "../../components/servers/model.ts";
import { labServer } from "./lab.ts";

/** Size of its disks, in MiB: what their labels say, and a little. */
export const ARRAY_DISK_MIB = 300;
const SIZE_GB = 0.3;

export type Level = "raid1" | "raid5" | "raid6" | "raid10";

/** Serial numbers of the members, in the order of the array's slots, then of its spare. */
const serials: Readonly<Record<Level, { readonly members: readonly string[]; readonly spares: readonly string[] }>> = {
  raid1: { members: ["m1", "m2"], spares: [] },
  raid5: { members: ["f1", "f2", "f3"], spares: ["f4"] },
  raid6: { members: ["s1", "s2", "s3", "s4"], spares: [] },
  raid10: { members: ["t1", "t2", "t3", "t4"], spares: [] },
};

export const levels: readonly Level[] = ["raid1", "raid5", "raid6", "raid10"];

/** Serial numbers of all its disks, in the order of their bays. */
export const arrayDisks: readonly string[] = levels.flatMap((level) => [
  ...serials[level].members,
  ...serials[level].spares,
]);

/** Where the volume of an array is mounted. */
export const mountPointOf = (level: Level) => `/srv/${level}`;

/** The name that the settings have for a disk of that serial number. */
export const diskId = (serial: string) => `virtio-${serial}`;

/**
 * Each array has the name of its level. The mirror is encrypted, and opened by the TPM. What has nothing to do with disks is
 * left out, so that the machine is made sooner.
 */
export function arraysServer(publicKey: string): Server {
  const lab = labServer(publicKey);
  return {
    ...lab,
    name: "arrays",
    role: "storage",
    hardening: { ...lab.hardening, audit: "off", fileIntegrity: false, bruteForce: "none" },
    storage: { system: { kind: "image" }, pools: levels.map(pool) },
  };
}

export function redundancyOf(server: Server, level: Level): Redundancy {
  const found = server.storage.pools.find(({ name }) => name === level);
  if (found === undefined) throw new Error(`${server.name} has no pool ${level}`);
  return found.redundancy;
}

function pool(level: Level): Pool {
  const { members, spares } = serials[level];
  const disk = (serial: string) => ({ id: diskId(serial), sizeGB: SIZE_GB, media: "ssd" }) as const;
  const mirror = level === "raid1";
  return {
    name: level,
    redundancy: { kind: "md", level, members: members.map(disk), spares: spares.map(disk), chunkKiB: 512 },
    encryption: mirror
      ? { kind: "luks2", unlock: [{ kind: "tpm2", pcrs: [7] }, { kind: "escrow" }], discards: true }
      : { kind: "none" },
    volumes: [
      {
        name: "local",
        purpose: "local",
        // The smallest XFS has 300 MiB: more than one of the disks, less than two.
        sizeMiB: mirror ? 128 : 300,
        grows: true,
        content: {
          kind: mirror ? "ext4" : "xfs",
          mountPoint: mountPointOf(level),
          mountOptions: ["noatime", "nodev", "nosuid"],
        },
        whenMissing: "report",
      },
    ],
  };
}
