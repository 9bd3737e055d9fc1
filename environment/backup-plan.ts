import type { PartPlan } from "./plan.ts";
import type { SizePoint } from "./sizing.ts";
import { interpolate, MEDIA_GIB_PER_USER, roundCpus, roundUp } from "./sizing.ts";
import { MATTERMOST_SIZING, OBJECT_STORE } from "./sources.ts";

export interface BackupPlan {
  /** The environment's own object store. */
  readonly store: PartPlan & {
    /** Its volume, in GiB. */
    readonly storageGiB: number;
  };
}

/** The settings that it is computed from. */
export interface PlannedBackup {
  readonly store:
    | { readonly kind: "none" | "external" }
    | {
        readonly kind: "embedded";
        readonly storageGiB?: number | undefined;
        readonly memoryMiB?: number | undefined;
        readonly cpus?: number | undefined;
      };
}

/** Memory of versitygw, in MiB: 1 MiB for each request on its way, and what it knows of folders that are listed. */
const MEMORY_MIB: readonly SizePoint[] = [
  [1, 192],
  [100, 256],
  [2500, 1024],
];

/** TLS and a checksum of each object: a processor does some hundred MiB a second. */
const CPUS: readonly SizePoint[] = [
  [1, 0.05],
  [100, 0.1],
  [2500, 0.5],
];

/** Folders, and what must fit before anybody looks. */
const BASE_GIB = 5;

/** As much as a year's files, and what people write, which is little beside these. */
export function backupPlan(users: number, { store }: PlannedBackup): BackupPlan | undefined {
  if (store.kind !== "embedded") return undefined;
  return {
    store: {
      replicas: 1,
      cpus: store.cpus ?? roundCpus(interpolate(CPUS, users)),
      memoryMiB: store.memoryMiB ?? roundUp(interpolate(MEMORY_MIB, users), 64),
      storageGiB: store.storageGiB ?? Math.ceil(BASE_GIB + users * MEDIA_GIB_PER_USER),
      why: "files of a year at 25 MB a month, twice; one process, on a volume that no other can share",
      sources: [OBJECT_STORE, MATTERMOST_SIZING],
    },
  };
}
