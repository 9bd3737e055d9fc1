import { describe, expect, it } from "@jest/globals";
import { layoutLosses, layoutName } from "./layout-change.ts";
import type { Disk, Pool, Redundancy, StorageLayout, Volume } from "./model.ts";
import { allServers, office, storage, tower, workers } from "./testing.ts";

/** The layout with its last pool changed. */
function changed(
  { storage: layout }: { readonly storage: StorageLayout },
  change: (pool: Pool) => Pool,
): StorageLayout {
  const [last] = layout.pools.slice(-1);
  if (last === undefined) throw new Error("it has pools");
  return { ...layout, pools: [...layout.pools.slice(0, -1), change(last)] };
}

const redundancy = (change: (md: Extract<Redundancy, { kind: "md" }>) => Partial<Redundancy>) => (pool: Pool) =>
  pool.redundancy.kind === "md"
    ? { ...pool, redundancy: { ...pool.redundancy, ...change(pool.redundancy), kind: "md" } as const }
    : pool;
const renamed = (disk: Disk): Disk => ({ ...disk, id: `${disk.id}-new` });
const volumes = (change: (volume: Volume) => readonly Volume[]) => (pool: Pool) => ({
  ...pool,
  volumes: pool.volumes.flatMap(change),
});
const losses = (server: { readonly storage: StorageLayout }, change: (pool: Pool) => Pool) =>
  layoutLosses(server.storage, changed(server, change));
const [worker] = workers;

describe("a layout loses nothing", () => {
  it.each(allServers.map((server) => [server.name, server] as const))("when it stays: %s", (_, server) => {
    expect(layoutLosses(server.storage, JSON.parse(JSON.stringify(server.storage)))).toEqual([]);
  });

  it("when as many disks are replaced as the array survives", () => {
    const two = redundancy(({ members }) => ({ members: members.map((each, at) => (at < 2 ? renamed(each) : each)) }));
    expect(losses(worker, two)).toEqual([]);
  });

  it("when the spare takes a disk's place", () => {
    const swapped = redundancy(({ members, spares }) => ({ members: [...spares, ...members.slice(1)], spares: [] }));
    expect(losses(tower, swapped)).toEqual([]);
  });

  it("when volumes are added, grow, or are mounted otherwise", () => {
    const more = volumes((volume) => [
      {
        ...volume,
        sizeMiB: volume.sizeMiB + 4096,
        ...(volume.content.kind !== "swap" && { content: { ...volume.content, mountOptions: [] } }),
      },
    ]);
    expect(losses(office, more)).toEqual([]);
    const beside: StorageLayout = { ...office.storage, pools: [...office.storage.pools, ...storage.storage.pools] };
    expect(layoutLosses(office.storage, beside)).toEqual([]);
  });
});

describe("a layout loses data", () => {
  it("when a pool goes, or the system lies elsewhere", () => {
    expect(layoutLosses(tower.storage, office.storage)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^pool data would be gone$/)]),
    );
    expect(layoutLosses(office.storage, { ...office.storage, system: { kind: "image" } })).toEqual([
      "the system would lie elsewhere",
    ]);
  });

  it("when an array is of another kind, size or chunk", () => {
    expect(
      losses(
        tower,
        redundancy(() => ({ level: "raid6" })),
      ),
    ).toEqual([
      "pool data would be raid6 of 4 disks with chunks of 512 KiB instead of raid10 of 4 disks with chunks of 512 KiB",
    ]);
    expect(
      losses(
        tower,
        redundancy(() => ({ chunkKiB: 64 })),
      ),
    ).toHaveLength(1);
    expect(
      losses(
        tower,
        redundancy(({ members }) => ({ members: members.slice(0, 3) })),
      ),
    ).toHaveLength(1);
  });

  it("when more disks are replaced than the array survives: in RAID 10 both of a pair, not one of each", () => {
    const at = (...which: readonly number[]) =>
      redundancy(({ members }) => ({
        members: members.map((each, slot) => (which.includes(slot) ? renamed(each) : each)),
      }));
    expect(losses(tower, at(0, 2))).toEqual([]);
    expect(losses(tower, at(0, 1))).toEqual([
      "pool data would lose too many of its disks at once: ata-ST4000NM000A_WX10A1, ata-ST4000NM000A_WX10A2",
    ]);
    expect(
      losses(storage, (pool) => ({
        ...pool,
        redundancy: pool.redundancy.kind === "hardware" ? { ...pool.redundancy, volumeId: "wwn-0x1" } : pool.redundancy,
      })),
    ).toHaveLength(1);
  });

  it("when encryption begins or ends", () => {
    expect(losses(tower, (pool) => ({ ...pool, encryption: { kind: "none" } }))).toEqual([
      "pool data would no longer be encrypted",
    ]);
  });

  it("when a volume goes, shrinks, or has another file system", () => {
    const only = (name: string, change: (volume: Volume) => readonly Volume[]) =>
      volumes((volume) => (volume.name === name ? change(volume) : [volume]));
    expect(
      losses(
        tower,
        only("kafka", () => []),
      ),
    ).toEqual(["volume kafka of pool data would be gone"]);
    expect(
      losses(
        tower,
        only("kafka", (volume) => [{ ...volume, sizeMiB: 1024 }]),
      ),
    ).toEqual(["volume kafka of pool data would shrink from 524288 to 1024 MiB"]);
    expect(
      losses(
        tower,
        only("kafka", (volume) => [{ ...volume, content: { kind: "swap" } }]),
      ),
    ).toEqual(["volume kafka of pool data would be swap instead of xfs"]);
  });
});

describe("the name of a layout", () => {
  it("is short, and another for each", () => {
    const names = allServers.map((server) => layoutName(server.storage));
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[0-9a-f]{8}$/);
  });
});
