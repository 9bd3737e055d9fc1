import { z } from "zod";
import { flag, list, oneOf, text, wholeNumber } from "../setting.ts";
import { named } from "./text.ts";

export const VOLUME_PURPOSES = [
  "root",
  "swap",
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
] as const;

const volume = z
  .strictObject({
    sizeGiB: wholeNumber({
      min: 1,
      max: 1_048_576,
      unit: "GiB",
      description: "Size of the volume. One volume of a pool may leave it out, and takes what the others leave.",
      example: 200,
      defaultText: "what the pool has left",
    }).optional(),
    fileSystem: oneOf(["xfs", "ext4"], {
      description: 'File system. There is none on "swap".',
      example: "xfs",
      defaultText: "`ext4` for `root` and `etcd`, else `xfs`",
    }).optional(),
    mountPoint: text(/^\/([A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*)?$/, {
      description: "Directory that it is mounted at.",
      allowed: "an absolute path without a final slash",
      example: "/srv/postgres",
      defaultText: "by purpose: `/`, `/var`, `/var/lib/etcd`, `/var/lib/containerd`, `/srv/<purpose>` and the like",
    }).optional(),
  })
  .meta({ description: "One volume, by its purpose." });

const tangServer = z
  .strictObject({
    url: text(/^http:\/\/[a-z0-9.:[\]-]+$/, {
      description: "Where the Tang server listens. Its protocol protects itself, so that it is plain HTTP.",
      allowed: "an http:// URL without a path",
      example: "http://10.1.0.5:7500",
    }),
    thumbprint: text(/^[A-Za-z0-9_-]{27}$|^[A-Za-z0-9_-]{43}$/, {
      description: "Thumbprint of its signing key, as `tang-show-keys` prints it.",
      allowed: "27 or 43 letters, digits, - and _",
      example: "zy0dcyUPSBVWjgSFBY1mPpxSdbR7MeBTCcjbzgcY9Uk",
    }),
  })
  .meta({ description: "A Tang server." });

const encryption = z
  .strictObject({
    unlock: list(oneOf(["tpm2", "tang", "escrow"], { description: "One way to unlock.", example: "tpm2" }), 0, {
      description:
        'Ways to unlock at boot, tried in this order: "tpm2" by the machine\'s TPM, "tang" by servers in the same network, "escrow" by a person with the passphrase that the stack makes and keeps.',
      allowed: 'a list of "tpm2", "tang", "escrow"',
      example: ["tpm2", "escrow"],
    }),
    tangServers: list(tangServer, 0, {
      description: 'Servers for "tang".',
      allowed: "a list of objects with url and thumbprint",
      example: [{ url: "http://10.1.0.5:7500", thumbprint: "zy0dcyUPSBVWjgSFBY1mPpxSdbR7MeBTCcjbzgcY9Uk" }],
    }).default([]),
    tangThreshold: wholeNumber({
      min: 1,
      max: 8,
      description: "Tang servers that must answer before the disks open.",
      example: 2,
    }).default(1),
  })
  .meta({
    description: "Encryption of the pool at rest, by LUKS2.",
    defaultText: "not encrypted",
    example: { unlock: ["tpm2", "escrow"] },
  });

const pool = z
  .strictObject({
    raid: oneOf(["none", "raid0", "raid1", "raid5", "raid6", "raid10"], {
      description: "Redundancy of the pool's disks.",
      example: "raid6",
      defaultText: "by the number of disks: `none` for 1, `raid1` for 2 or 3, `raid10` for more",
    }).optional(),
    chunkKiB: wholeNumber({
      min: 4,
      max: 65536,
      unit: "KiB",
      description: "Chunk of the array, a power of two.",
      example: 256,
    }).default(512),
    encryption: encryption.optional(),
    volumes: z
      .partialRecord(z.enum(VOLUME_PURPOSES), volume)
      .meta({
        description: "Volumes of the pool, by purpose.",
        allowed: `an object whose names are of ${VOLUME_PURPOSES.join(", ")}`,
        entryName: "purpose",
        example: { postgres: { sizeGiB: 200 }, local: {} },
        defaultText: "by the machine's role: `make servers` shows them",
      })
      .optional(),
  })
  .meta({ description: "Disks under one redundancy." });

/** Layouts by name, each with its pools. */
export const layouts = named(
  z
    .strictObject({
      pools: named(pool, 16, {
        description: "Pools by name. The system lies in `system`.",
        allowed: "an object with a pool under each name of at most 16 lower-case letters, digits and hyphens",
        entryName: "pool",
        example: { system: { raid: "raid1" }, data: { raid: "raid6" } },
      }),
    })
    .meta({ description: "How disks are used." }),
  63,
  {
    description: "Storage layouts that machines refer to by name.",
    allowed: "an object with a layout under each name",
    entryName: "layout",
    example: {
      database: { pools: { system: { raid: "raid1" }, data: { raid: "raid10", volumes: { postgres: {} } } } },
    },
  },
);

/** Links in `/dev/disk/by-id` that udev makes of what the disk itself says; `sda` is whichever is found first. */
const STABLE_ID = /^(ata|nvme|scsi|wwn|virtio|usb|dm)-[A-Za-z0-9._:-]+$/;

export const disk = z
  .strictObject({
    id: text(STABLE_ID, {
      description: "Name of the disk in `/dev/disk/by-id`, which stays the same when cables are changed.",
      allowed: "a name from /dev/disk/by-id that begins with ata-, nvme-, scsi-, wwn- or virtio-",
      example: "nvme-SAMSUNG_MZQL2960HCJR_S64FNE0R000001",
    }),
    sizeGB: wholeNumber({
      min: 1,
      max: 1_000_000,
      unit: "GB",
      description: "Size as on its label, in GB of 10⁹ bytes.",
      example: 960,
    }),
    media: oneOf(["nvme", "ssd", "hdd"], { description: "What kind of disk it is.", example: "hdd" }).default("ssd"),
    pool: text(/^[a-z0-9-]{1,16}$/, {
      description: "Pool of the layout that it belongs to.",
      allowed: "the name of a pool",
      example: "data",
      defaultText: "`system`, or `data` where an image brings the system",
      maxLength: 16,
    }).optional(),
    spare: flag({ description: "Whether it is a hot spare of the pool.", example: true }).default(false),
    bay: text(/^[A-Za-z0-9 .:/_-]{1,32}$/, {
      description: "Where a person finds it.",
      allowed: "at most 32 letters, digits and punctuation",
      example: "3",
      defaultText: "not known",
    }).optional(),
  })
  .meta({ description: "A disk of the machine. Disks of a pool are given in the order of their slots." });

export type LayoutSettings = z.output<typeof layouts>[string];
export type PoolSettings = z.output<typeof pool>;
export type EncryptionSettings = z.output<typeof encryption>;
export type VolumeSettings = z.output<typeof volume>;
export type DiskSettings = z.output<typeof disk>;
