/** Disks of one machine, and what stands on them: disks → redundancy → encryption → LVM → file systems. */
export interface StorageLayout {
  /** Where the operating system is installed. */
  readonly system: SystemStorage;
  /** Pools in the order in which they are made; the system's own, where it has one, is the first. */
  readonly pools: readonly Pool[];
}

/** The system is installed into a pool of its own, or came with an image that no installer touches. */
export type SystemStorage =
  | {
      readonly kind: "pool";
      /** Name of the pool that `/` lies in. */
      readonly pool: string;
      readonly firmware: "uefi" | "bios";
      /** EFI system partition on every member, in MiB, so that each of them boots alone. @default 512; unused with "bios" */
      readonly efiMiB: number;
      /** `/boot`, mirrored over every member as RAID 1 and not encrypted, in MiB. @default 1024 */
      readonly bootMiB: number;
    }
  /** A cloud image on a disk that is in no pool: first boot grows its file system and makes the pools beside it. */
  | { readonly kind: "image" };

/** One disk, by a name that stays the same when cables and slots change. */
export interface Disk {
  /** File name in `/dev/disk/by-id`, for example `nvme-SAMSUNG_MZQL2960HCJR_S64FNE0R000001` or `virtio-data0`. */
  readonly id: string;
  /** Size as on its label, in GB (10⁹ bytes): a disk is never smaller than that. */
  readonly sizeGB: number;
  readonly media: "nvme" | "ssd" | "hdd";
  /** Where a person finds it. @default not known */
  readonly bay?: string;
}

/** Disks under one redundancy, with one volume group on them. */
export interface Pool {
  /** Name of the array (`/dev/md/<name>`), of the LUKS mapping (`/dev/mapper/<name>_crypt`) and of the volume group. */
  readonly name: string;
  readonly redundancy: Redundancy;
  readonly encryption: Encryption;
  /** Logical volumes in the order in which they are made. */
  readonly volumes: readonly Volume[];
}

export type RaidLevel = "raid0" | "raid1" | "raid5" | "raid6" | "raid10";

/** What the loss of a disk costs. Disks are given in the order of the array's slots, which decides about pairs in RAID 10. */
export type Redundancy =
  | { readonly kind: "none"; readonly disk: Disk }
  /** Software RAID by md, metadata 1.2, internal bitmap; RAID 10 in layout near=2: neighbours hold the same data. */
  | {
      readonly kind: "md";
      readonly level: RaidLevel;
      readonly members: readonly Disk[];
      /** Hot spares, which take the place of a failed member by themselves. */
      readonly spares: readonly Disk[];
      /** Chunk, in KiB; unused in RAID 1. @default 512 */
      readonly chunkKiB: number;
    }
  /** Made by the machine's own controller before the system is installed (Metal3's `raid`); the system sees one disk. */
  | {
      readonly kind: "hardware";
      readonly level: RaidLevel;
      readonly controller: string;
      readonly members: readonly Disk[];
      readonly spares: readonly Disk[];
      /** The disk that the controller shows, in `/dev/disk/by-id`. */
      readonly volumeId: string;
    };

/** Encryption at rest, between the array and LVM. */
export type Encryption =
  | { readonly kind: "none" }
  /** LUKS2, aes-xts-plain64 with 512 bits, argon2id. The stack makes a recovery passphrase in any case, and keeps it. */
  | {
      readonly kind: "luks2";
      /** Ways to unlock without a person, tried in this order, and "escrow" for a person with the passphrase. */
      readonly unlock: readonly Unlock[];
      /** Whether freed blocks reach the disk: good for SSDs, shows how full it is. @default true on nvme and ssd */
      readonly discards: boolean;
    };

export type Unlock =
  /** By the machine's TPM, as long as the measured boot is the same. @default PCR 7 (Secure Boot's state) */
  | { readonly kind: "tpm2"; readonly pcrs: readonly number[] }
  /** By servers in the machine's own network (Clevis and Tang): a disk that has left the house stays shut. */
  | {
      readonly kind: "tang";
      readonly servers: readonly TangServer[];
      /** Servers that must answer. @default 1 */
      readonly threshold: number;
    }
  /** By a person at the console, with the passphrase that the stack has made and keeps as a secret output. */
  | { readonly kind: "escrow" };

export interface TangServer {
  /** For example `http://10.1.0.5:7500`; the protocol protects itself. */
  readonly url: string;
  /** Thumbprint of the signing key, as `tang-show-keys` prints it, so that no other server can pose as this one. */
  readonly thumbprint: string;
}

/** What a volume is for, which decides about mount point, file system and options unless they are said. */
export type VolumePurpose =
  | "root"
  | "swap"
  | "home"
  | "tmp"
  | "var"
  | "log"
  | "audit"
  | "etcd"
  | "images"
  | "local"
  | "postgres"
  | "kafka"
  | "media"
  | "backup";

/** One logical volume with its file system. */
export interface Volume {
  /** Name of the logical volume. */
  readonly name: string;
  readonly purpose: VolumePurpose;
  /** Size, in MiB, a multiple of LVM's extent (4 MiB). */
  readonly sizeMiB: number;
  /** Whether it takes what the pool has beyond the others; `sizeMiB` is then what it has at least. One a pool, the last. */
  readonly grows: boolean;
  readonly content:
    | { readonly kind: "swap" }
    | {
        readonly kind: "xfs" | "ext4";
        readonly mountPoint: string;
        readonly mountOptions: readonly MountOption[];
      };
  /**
   * What happens at boot when it cannot be mounted. "stop": the boot ends in an emergency shell. "report": the machine
   * comes up without it, what needs it does not start, and the alert metric is set.
   */
  readonly whenMissing: "stop" | "report";
}

/** Mount options beside `defaults`. */
export type MountOption = "noatime" | "nodev" | "nosuid" | "noexec" | "discard" | "prjquota";
