import type { Disk, Redundancy } from "./storage.ts";

/** How many disks a pool can lose at a time, without spares having taken their place. */
export interface FaultTolerance {
  /** Any disks of this number may fail. */
  readonly any: number;
  /** At most so many, if they are the right ones. */
  readonly best: number;
}

export function faultTolerance(redundancy: Redundancy): FaultTolerance {
  if (redundancy.kind === "none") return { any: 0, best: 0 };
  const { level, members } = redundancy;
  const count = members.length;
  switch (level) {
    case "raid0":
      return { any: 0, best: 0 };
    case "raid1":
      return { any: count - 1, best: count - 1 };
    case "raid5":
      return { any: 1, best: 1 };
    case "raid6":
      return { any: 2, best: 2 };
    case "raid10":
      // A controller does not tell which disks hold the same data, so no second loss is promised.
      return { any: 1, best: redundancy.kind === "hardware" ? 1 : Math.floor(count / 2) };
  }
}

/** Whether all data is still there when the disks of these ids have failed. */
export function survives(redundancy: Redundancy, failed: ReadonlySet<string>): boolean {
  if (redundancy.kind === "none") return !failed.has(redundancy.disk.id);
  const lost = redundancy.members.filter(({ id }) => failed.has(id)).length;
  if (redundancy.kind === "md" && redundancy.level === "raid10")
    return !mirrors(redundancy.members).some((pair) => pair.every(({ id }) => failed.has(id)));
  return lost <= faultTolerance(redundancy).any;
}

/**
 * Disks that hold the same data in layout near=2, of which one must stay. Of an even number each disk has one partner; of
 * an odd number each disk shares data with both of its neighbours, the last with the first.
 *
 * @source https://man7.org/linux/man-pages/man4/md.4.html (RAID10)
 */
export function mirrors(members: readonly Disk[]): readonly (readonly [Disk, Disk])[] {
  const step = members.length % 2 === 0 ? 2 : 1;
  return members.flatMap((disk, at) => {
    const next = members[(at + 1) % members.length];
    return at % step === 0 && next !== undefined && next !== disk ? [[disk, next] as const] : [];
  });
}

/** What may fail, in words. */
export function toleranceText(redundancy: Redundancy): string {
  const { any, best } = faultTolerance(redundancy);
  const disks = (count: number) => (count === 1 ? "1 disk" : `${count} disks`);
  if (any === 0) return "no disk may fail";
  if (redundancy.kind !== "md" || best === any) return `any ${disks(any)}`;
  const pairs = mirrors(redundancy.members).map((pair) => pair.map(({ id }) => id).join(" + "));
  return `any ${disks(any)}, up to ${best} if never both of ${pairs.join(", ")}`;
}
