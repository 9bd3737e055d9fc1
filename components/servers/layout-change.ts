import { survives } from "./layout.ts";
import type { Pool, Redundancy, StorageLayout, Volume } from "./model.ts";

export { layoutName } from "./layout.ts";

/**
 * What a machine would lose if it were installed again by the second layout: a sentence each, none where its data stays. A
 * disk that takes another's place is none, as long as the array survives it.
 */
export function layoutLosses(before: StorageLayout, after: StorageLayout): readonly string[] {
  return [
    ...(before.system.kind === after.system.kind ? [] : ["the system would lie elsewhere"]),
    ...before.pools.flatMap((pool) => {
      const now = after.pools.find(({ name }) => name === pool.name);
      return now === undefined ? [`pool ${pool.name} would be gone`] : poolLosses(pool, now);
    }),
  ];
}

function poolLosses(before: Pool, after: Pool): readonly string[] {
  const about = (text: string) => `pool ${before.name} ${text}`;
  const shape = redundancyLoss(before.redundancy, after.redundancy);
  if (shape !== undefined) return [about(shape)];
  if (before.encryption.kind !== after.encryption.kind)
    return [about(after.encryption.kind === "none" ? "would no longer be encrypted" : "would be encrypted")];
  return before.volumes.flatMap((volume) => {
    const loss = volumeLoss(
      volume,
      after.volumes.find(({ name }) => name === volume.name),
    );
    return loss === undefined ? [] : [`volume ${volume.name} of ${about(loss)}`];
  });
}

function redundancyLoss(before: Redundancy, after: Redundancy): string | undefined {
  const [was, is] = [shapeText(before), shapeText(after)];
  if (was !== is) return `would be ${is} instead of ${was}`;
  const kept = new Set(disksOf(after));
  // A spare that became a member has the data too.
  const lost = new Set(disksOf(before).filter((id) => !kept.has(id)));
  if (lost.size === 0 || (before.kind === "md" && survives(before, lost))) return undefined;
  return `would lose too many of its disks at once: ${[...lost].join(", ")}`;
}

function shapeText(redundancy: Redundancy): string {
  switch (redundancy.kind) {
    case "none":
      return "one disk";
    case "hardware":
      return `${redundancy.level} of ${redundancy.members.length} disks by ${redundancy.controller}`;
    case "md": {
      const chunks = redundancy.level === "raid1" ? "" : ` with chunks of ${redundancy.chunkKiB} KiB`;
      return `${redundancy.level} of ${redundancy.members.length} disks${chunks}`;
    }
  }
}

/** Disks that hold data, as the system sees them. */
function disksOf(redundancy: Redundancy): readonly string[] {
  switch (redundancy.kind) {
    case "none":
      return [redundancy.disk.id];
    case "hardware":
      return [redundancy.volumeId];
    case "md":
      return redundancy.members.map(({ id }) => id);
  }
}

function volumeLoss(before: Volume, after: Volume | undefined): string | undefined {
  if (after === undefined) return "would be gone";
  if (after.content.kind !== before.content.kind)
    return `would be ${after.content.kind} instead of ${before.content.kind}`;
  // What takes the rest of a pool is as large as the pool allows; XFS cannot shrink.
  if (after.sizeMiB < before.sizeMiB && !after.grows)
    return `would shrink from ${before.sizeMiB} to ${after.sizeMiB} MiB`;
  return undefined;
}
