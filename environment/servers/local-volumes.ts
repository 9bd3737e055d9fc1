import type { Fleet, Server } from "./server.ts";
import type { StorageLayout, VolumePurpose } from "./storage.ts";

const MIB_PER_GIB = 1024;

/** Purposes whose volumes the cluster may claim. The others are the machine's own. */
const CLAIMABLE = ["postgres", "kafka", "media", "backup", "local"] as const satisfies readonly VolumePurpose[];
export type ClaimablePurpose = (typeof CLAIMABLE)[number];

/** A machine as far as its volumes are concerned. */
export type StoringServer = Pick<Server, "name" | "role" | "failureDomains"> & { readonly storage: StorageLayout };

/** One volume of one machine, which one claim takes whole. */
export interface LocalVolume<Machine extends StoringServer = StoringServer> {
  readonly server: Machine;
  readonly purpose: ClaimablePurpose;
  /** Where the machine mounts it. */
  readonly path: string;
  readonly sizeMiB: number;
}

/** Every volume that claims may take. */
export function localVolumesOf<Machine extends StoringServer>(
  servers: readonly Machine[],
): readonly LocalVolume<Machine>[] {
  return servers.filter(runsPods).flatMap((server) =>
    server.storage.pools.flatMap(({ volumes }) =>
      volumes.flatMap(({ purpose: wanted, content, sizeMiB }) => {
        const purpose = CLAIMABLE.find((each) => each === wanted);
        if (purpose === undefined || content.kind === "swap") return [];
        return [{ server, purpose, path: content.mountPoint, sizeMiB }];
      }),
    ),
  );
}

/** A control plane that is nothing else keeps pods away. */
function runsPods({ role }: Pick<Server, "role">): boolean {
  return role !== "control-plane";
}

/** Parts of the environment that keep something on volumes, and purposes of volumes that will do, the best first. */
const PURPOSES = { postgres: ["postgres"], media: ["media", "local"] } as const;
export type StoringPart = keyof typeof PURPOSES;

/** Volumes that a part of the environment lies on. */
export function placesOf<Machine extends StoringServer>(
  servers: readonly Machine[],
  part: StoringPart,
): readonly LocalVolume<Machine>[] {
  const all = localVolumesOf(servers);
  const found = PURPOSES[part].map((purpose) => all.filter((volume) => volume.purpose === purpose));
  return found.find(({ length }) => length > 0) ?? [];
}

/** What a part asks of the cluster. */
export interface Place {
  readonly storageClass: string;
  /** What a claim asks for so that it fits each of the volumes, in GiB. A claim gets a volume whole, and can never grow. */
  readonly claimGiB: number;
}

/** Where the environment's parts lie on the machines' own volumes. */
export interface LocalStorage {
  readonly postgres: Place;
  readonly media: Place;
  /** What instances of the database must not share: a node, or a rack as well. */
  readonly spreadOver: "node" | "rack";
}

/** The machines must have passed all rules: each part has its place. */
export function localStorageOf({ servers }: Pick<Fleet, "servers">, spreadOver: "node" | "rack"): LocalStorage {
  const place = (part: StoringPart): Place => {
    const places = placesOf(servers, part);
    const [first] = places;
    if (first === undefined) throw new Error(`no machine has a volume for ${part}, and no rule has refused it`);
    return { storageClass: storageClassName(first.purpose), claimGiB: Math.min(...places.map(sizeGiB)) };
  };
  return { postgres: place("postgres"), media: place("media"), spreadOver };
}

/** The StorageClass of volumes for that purpose. */
export function storageClassName(purpose: ClaimablePurpose): string {
  return `roost-${purpose}`;
}

/** Whole GiB of a volume. */
export function sizeGiB({ sizeMiB }: Pick<LocalVolume, "sizeMiB">): number {
  return Math.floor(sizeMiB / MIB_PER_GIB);
}
