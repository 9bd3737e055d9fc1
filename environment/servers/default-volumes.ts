import type { ServerRole } from "./server.ts";
import type { MountOption, Volume, VolumePurpose } from "./storage.ts";

/** What a volume is when only its purpose is said. */
interface Usual {
  readonly mountPoint: string;
  readonly fileSystem: "xfs" | "ext4";
  readonly mountOptions: readonly MountOption[];
  readonly whenMissing: Volume["whenMissing"];
}

const DATA: readonly MountOption[] = ["noatime", "nodev", "nosuid", "noexec"];

/** A machine without its system volumes is of no use; one without a data volume can at least say so. */
function usual(
  mountPoint: string,
  fileSystem: Usual["fileSystem"],
  mountOptions: readonly MountOption[],
  whenMissing: Usual["whenMissing"] = "report",
): Usual {
  return { mountPoint, fileSystem, mountOptions, whenMissing };
}

/**
 * Mount points and options by purpose. Whatever holds no programs runs none; container images need set-user-ID bits.
 * @source https://www.cisecurity.org/benchmark/debian_linux (1.1.2, partitions)
 */
export const USUAL: Readonly<Record<Exclude<VolumePurpose, "swap">, Usual>> = {
  root: usual("/", "ext4", ["noatime"], "stop"),
  home: usual("/home", "xfs", ["noatime", "nodev", "nosuid"], "stop"),
  tmp: usual("/tmp", "xfs", DATA, "stop"),
  var: usual("/var", "xfs", ["noatime", "nodev"], "stop"),
  log: usual("/var/log", "xfs", DATA, "stop"),
  audit: usual("/var/log/audit", "xfs", DATA, "stop"),
  // etcd waits for each write; its authors test on ext4.
  etcd: usual("/var/lib/etcd", "ext4", DATA),
  // Project quotas let the container runtime limit what a container writes.
  images: usual("/var/lib/containerd", "xfs", ["noatime", "nodev", "prjquota"]),
  local: usual("/srv/local", "xfs", ["noatime", "nodev", "nosuid", "prjquota"]),
  postgres: usual("/srv/postgres", "xfs", DATA),
  kafka: usual("/srv/kafka", "xfs", DATA),
  media: usual("/srv/media", "xfs", DATA),
  backup: usual("/srv/backup", "xfs", DATA),
};

/** Sizes in GiB by purpose; undefined takes what the pool has left. */
export type Sizes = Readonly<Partial<Record<VolumePurpose, number | undefined>>>;

const SYSTEM: Sizes = { root: 32, var: 16, log: 16, audit: 4 };
const REST = undefined;

const DATA_OF_ROLE: Readonly<Record<ServerRole, Sizes>> = {
  "all-in-one": { etcd: 8, postgres: 64, local: REST },
  "control-plane": { etcd: 16 },
  worker: { postgres: 128, local: REST },
  storage: { media: 256, backup: REST },
  edge: {},
};

/** The volumes of a pool that nobody has described: by role, and by which other pools there are. */
export function usualVolumes(role: ServerRole, pool: string, pools: readonly string[]): Sizes {
  const { etcd, ...data } = DATA_OF_ROLE[role];
  const ofEtcd = etcd === undefined ? {} : { etcd };
  const alone = pools.length === 1;
  if (pool !== "system") return pools.includes("system") ? data : { ...ofEtcd, images: 64, ...withRest(data, "local") };
  if (!alone) return { ...SYSTEM, ...ofEtcd, images: REST };
  return "local" in data || "backup" in data
    ? { ...SYSTEM, ...ofEtcd, images: 64, ...data }
    : { ...SYSTEM, ...ofEtcd, images: REST };
}

/** The sizes with one volume that takes what is left. */
function withRest(sizes: Sizes, purpose: VolumePurpose): Sizes {
  return Object.values(sizes).includes(REST) ? sizes : { ...sizes, [purpose]: REST };
}
