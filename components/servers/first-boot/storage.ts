import { partitionedDisks, partitionsOf } from "../layout.ts";
import type { Encryption, Pool, Server, Unlock, Volume } from "../model.ts";
import { tangPolicy } from "./clevis.ts";
import { familyOf, named } from "./family.ts";
import { configuration, type HostFile, type Part } from "./files.ts";
import { mdUuid, stableUuid } from "./identifiers.ts";
import { program, programPath } from "./scripts.ts";
import { assigned, listed } from "./shell.ts";
import { unit } from "./units.ts";

/** How long a boot waits for a disk under a volume: longer than arrays wait for members that do not come. */
const DEVICE_TIMEOUT = "x-systemd.device-timeout=180s";

/** Disks, arrays, encryption and file systems, but for what an installer has made before. */
export function storage(server: Server): Part {
  const { pools } = server.storage;
  return {
    files: [
      ...pools.map((pool, at) => poolFile(server, pool, at)),
      configuration("/etc/roost/fstab", pools.filter(isOurs(server)).flatMap(fstabLines)),
      configuration(
        "/etc/roost/crypttab",
        pools.filter(isOurs(server)).flatMap((pool) => crypttabLines(server, pool)),
      ),
      mdadmFile(server),
      program("roost-storage"),
      program("roost-arrays"),
      unit("roost-arrays.service", {
        Unit: {
          Description: "Start arrays, also without members that do not come",
          DefaultDependencies: "no",
          After: "systemd-udevd.service systemd-udev-trigger.service systemd-remount-fs.service",
          Before: "local-fs-pre.target cryptsetup-pre.target",
          Wants: "local-fs-pre.target",
          ConditionPathExists: "/var/lib/roost/storage.made",
        },
        Service: { Type: "oneshot", RemainAfterExit: "yes", ExecStart: programPath("roost-arrays") },
        Install: { WantedBy: "sysinit.target" },
      }),
      // A volume that may be missing does not stop the boot; this unit fails then, so that it is seen.
      unit("roost-volumes.service", {
        Unit: {
          Description: "All volumes are mounted",
          After: mountUnits(server).join(" "),
          Wants: mountUnits(server).join(" "),
          ConditionPathExists: "/var/lib/roost/storage.made",
        },
        Service: { Type: "oneshot", RemainAfterExit: "yes", ExecStart: `${programPath("roost-storage")} check` },
        Install: { WantedBy: "multi-user.target" },
      }),
    ],
    packages: storagePackages(server),
    units: [
      ...(pools.some(({ redundancy }) => redundancy.kind === "md") ? ["mdmonitor.service"] : []),
      "roost-arrays.service",
      "roost-volumes.service",
    ],
  };
}

/** Names that systemd has for the mounts. */
function mountUnits({ storage: { pools } }: Server): string[] {
  const points = pools.flatMap(({ volumes }) =>
    volumes.flatMap(({ content }) => (content.kind === "swap" ? [] : [content.mountPoint])),
  );
  return points.map((point) => {
    const path = point.replace(/^\//, "");
    return `${path === "" ? "-" : path.replaceAll("-", String.raw`\x2d`).replaceAll("/", "-")}.mount`;
  });
}

/** Whether first boot makes the pool: an installer makes the one that the system lies in. */
export function isOurs({ storage: { system } }: Server): (pool: Pool) => boolean {
  return ({ name }) => system.kind === "image" || system.pool !== name;
}

/** What the scripts are told about a pool. */
function poolFile(server: Server, pool: Pool, at: number): HostFile {
  const { redundancy, encryption } = pool;
  const disks = redundancy.kind === "hardware" ? [redundancy.volumeId] : partitionedDisks(pool).map(({ id }) => id);
  const spares = redundancy.kind === "md" ? redundancy.spares.length : 0;
  const partition = partitionsOf(server.storage, pool).at(-1);
  return configuration(`/etc/roost/pools/${at}-${pool.name}`, [
    assigned("POOL", pool.name),
    assigned("MADE_BY", isOurs(server)(pool) ? "first-boot" : "installer"),
    assigned("LEVEL", redundancy.kind === "md" ? redundancy.level : "none"),
    ...(redundancy.kind === "md"
      ? [
          assigned("ARRAY_UUID", mdUuid(stableUuid(server, pool.name, "array"))),
          assigned("CHUNK_KIB", redundancy.chunkKiB),
        ]
      : []),
    "# In /dev/disk/by-id, in the order of the array's slots, and the GUIDs of their partitions.",
    listed("MEMBERS", disks.slice(0, disks.length - spares)),
    listed("SPARES", disks.slice(disks.length - spares)),
    listed(
      "PARTITIONS",
      disks.map((id) => stableUuid(server, pool.name, id)),
    ),
    assigned("PARTITION_START_MIB", partition?.startMiB ?? 1),
    "# Empty: to the end of the disk.",
    assigned("PARTITION_MIB", redundancy.kind === "hardware" ? "" : (partition?.sizeMiB ?? "")),
    assigned("ENCRYPTION", encryption.kind),
    ...encryptionLines(server, pool),
    "# Name, file system, size in MiB, whether it takes what is left, mount point.",
    listed("VOLUMES", pool.volumes.map(volumeWords)),
  ]);
}

function volumeWords({ name, content, sizeMiB, grows }: Volume): string {
  const mountPoint = content.kind === "swap" ? "none" : content.mountPoint;
  return [name, content.kind, sizeMiB, grows ? "grows" : "fixed", mountPoint].join(" ");
}

function encryptionLines(server: Server, { name, encryption }: Pool): string[] {
  if (encryption.kind === "none") return [];
  return [
    assigned("LUKS_UUID", stableUuid(server, name, "luks")),
    assigned("DISCARDS", encryption.discards ? "yes" : "no"),
    ...encryption.unlock.flatMap(unlockLines),
  ];
}

function unlockLines(unlock: Unlock): string[] {
  switch (unlock.kind) {
    case "tpm2":
      return [assigned("TPM2_PCRS", unlock.pcrs.join("+"))];
    case "tang":
      return [assigned("CLEVIS_POLICY", tangPolicy(unlock))];
    case "escrow":
      return [];
  }
}

/** Lines of `/etc/fstab` for the volumes of a pool. */
export function fstabLines(pool: Pool): string[] {
  return pool.volumes.map(({ name, content, whenMissing }) => {
    const device = `/dev/${pool.name}/${name}`;
    const waiting = [...(whenMissing === "report" ? ["nofail"] : []), ...waits(pool.encryption), DEVICE_TIMEOUT];
    if (content.kind === "swap") return [device, "none", "swap", ["sw", ...waiting].join(","), 0, 0].join(" ");
    // XFS has no check at boot: it replays its log when it is mounted.
    const pass = content.kind === "xfs" ? 0 : content.mountPoint === "/" ? 1 : 2;
    const options = ["defaults", ...content.mountOptions, ...waiting].join(",");
    return [device, content.mountPoint, content.kind, options, 0, pass].join(" ");
  });
}

/** Lines of `/etc/crypttab`, of which an encrypted pool has one. */
function crypttabLines(server: Server, { name, encryption, volumes }: Pool): string[] {
  if (encryption.kind === "none") return [];
  const options = [
    "luks",
    ...(encryption.discards ? ["discard"] : []),
    ...(encryption.unlock.some(({ kind }) => kind === "tpm2") ? ["tpm2-device=auto"] : []),
    // A person who is asked for the passphrase and does not come must not stop a machine that can do without.
    ...(volumes.every(({ whenMissing }) => whenMissing === "report") ? ["nofail", "timeout=90s"] : []),
    ...waits(encryption),
    DEVICE_TIMEOUT,
  ];
  return [`${name}_crypt UUID=${stableUuid(server, name, "luks")} none ${options.join(",")}`];
}

/** What is opened over the network waits for it; what only a person opens waits for nobody. */
function waits(encryption: Encryption): string[] {
  if (encryption.kind === "none") return [];
  if (encryption.unlock.some(({ kind }) => kind === "tang")) return ["_netdev"];
  return encryption.unlock.every(({ kind }) => kind === "escrow") ? ["noauto"] : [];
}

/** Names of arrays, so that they are the same whatever is missing, and who is told of failures; beside what an installer wrote. */
function mdadmFile(server: Server): HostFile {
  const arrays = server.storage.pools.filter(isOurs(server)).flatMap(({ name, redundancy }) => {
    if (redundancy.kind !== "md") return [];
    return [`ARRAY /dev/md/${name} metadata=1.2 UUID=${mdUuid(stableUuid(server, name, "array"))}`];
  });
  const folder = named(server.operatingSystem, { debian: "/etc/mdadm/mdadm.conf.d", redhat: "/etc/mdadm.conf.d" });
  return configuration(`${folder}/roost.conf`, [`PROGRAM ${programPath("roost-metrics")}`, ...arrays]);
}

function storagePackages({ operatingSystem, storage: { pools } }: Server): string[] {
  const { distribution, release } = operatingSystem;
  const debian = familyOf(operatingSystem) === "debian";
  const unlocks = pools.flatMap(({ encryption }) => (encryption.kind === "none" ? [] : encryption.unlock));
  const trixie = distribution === "debian" && release === "13";
  const encrypted = pools.some(({ encryption }) => encryption.kind !== "none");
  return [
    ...["lvm2", "xfsprogs", "e2fsprogs", ...(debian ? ["fdisk"] : ["util-linux"])],
    ...(pools.some(({ redundancy }) => redundancy.kind === "md") ? ["mdadm"] : []),
    ...(encrypted ? ["cryptsetup", ...(trixie ? ["systemd-cryptsetup"] : [])] : []),
    ...(unlocks.some(({ kind }) => kind === "tpm2") ? ["tpm2-tools", ...(debian ? ["tpm-udev"] : [])] : []),
    ...(unlocks.some(({ kind }) => kind === "tang") ? ["clevis", "clevis-luks", "clevis-systemd"] : []),
  ];
}
