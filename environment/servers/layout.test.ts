import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { arrayMiB, EXTENT_MIB, mdDataOffsetMiB, usableMiB } from "./capacity.ts";
import { mebibytes, partitionsOf } from "./partitions.ts";
import type { Disk, Pool, RaidLevel, Redundancy, StorageLayout } from "./storage.ts";
import { faultTolerance, mirrors, survives, toleranceText } from "./tolerance.ts";

const LEAST: Readonly<Record<RaidLevel, number>> = { raid0: 2, raid1: 2, raid5: 3, raid6: 4, raid10: 4 };

function disks(count: number, sizeGB = 960): readonly Disk[] {
  return Array.from({ length: count }, (_, at) => ({ id: `d${at}`, sizeGB, media: "ssd" }));
}

function md(level: RaidLevel, count: number, sizeGB = 960, spares = 0): Extract<Redundancy, { kind: "md" }> {
  const all = disks(count + spares, sizeGB);
  return { kind: "md", level, members: all.slice(0, count), spares: all.slice(count), chunkKiB: 512 };
}

const levels = fc.constantFrom<RaidLevel>("raid0", "raid1", "raid5", "raid6", "raid10");
const arrays = levels.chain((level) =>
  fc
    .record({ more: fc.integer({ min: 0, max: 6 }), sizeGB: fc.integer({ min: 16, max: 20_000 }) })
    .map(({ more, sizeGB }) => md(level, LEAST[level] + more, sizeGB)),
);

const image: StorageLayout = { system: { kind: "image" }, pools: [] };
const installed: StorageLayout = {
  system: { kind: "pool", pool: "p", firmware: "uefi", efiMiB: 512, bootMiB: 1024 },
  pools: [],
};

function pool(redundancy: Redundancy, more: Partial<Pool> = {}): Pool {
  return { name: "p", redundancy, encryption: { kind: "none" }, volumes: [], ...more };
}

/** Every set of so many of the members. */
function choices<T>(all: readonly T[], count: number): readonly (readonly T[])[] {
  if (count === 0) return [[]];
  return all.flatMap((first, at) => choices(all.slice(at + 1), count - 1).map((rest) => [first, ...rest]));
}

describe("usable capacity", () => {
  it("is that of the disks which hold data, less what describes the layers", () => {
    fc.assert(
      fc.property(arrays, (redundancy) => {
        const { level, members } = redundancy;
        const each = mebibytes(members[0]?.sizeGB ?? 0);
        const share = {
          raid0: members.length,
          raid1: 1,
          raid5: members.length - 1,
          raid6: members.length - 2,
          raid10: members.length / 2,
        };
        const usable = usableMiB(image, pool(redundancy));
        expect(usable).toBeLessThan(each * share[level]);
        expect(usable).toBeGreaterThan((each - 102 - 129 - 1) * share[level] - EXTENT_MIB - 2);
        expect(usable % EXTENT_MIB).toBe(0);
      }),
    );
  });

  it("never shrinks when disks are larger or more, and is not changed by spares", () => {
    fc.assert(
      fc.property(arrays, fc.integer({ min: 0, max: 1000 }), ({ level, members }, growth) => {
        const size = members[0]?.sizeGB ?? 0;
        const usable = (count: number, sizeGB: number, spares = 0) =>
          usableMiB(image, pool(md(level, count, sizeGB, spares)));
        const now = usable(members.length, size);
        expect(usable(members.length, size + growth)).toBeGreaterThanOrEqual(now);
        expect(usable(members.length + 1, size)).toBeGreaterThanOrEqual(now);
        expect(usable(members.length, size, 2)).toBe(now);
      }),
    );
  });

  it("is less where there is a system or encryption in it, by what these take", () => {
    const mirrored = pool(md("raid1", 2));
    const encrypted = pool(md("raid1", 2), { encryption: { kind: "luks2", unlock: [], discards: true } });
    expect(usableMiB(image, mirrored) - usableMiB(image, encrypted)).toBe(16);
    expect(usableMiB(image, mirrored) - usableMiB(installed, mirrored)).toBe(512 + 1024);
  });

  // As `mdadm --examine` shows "Data Offset" for members of these sizes.
  it.each([
    [1000, 1],
    [1024, 2],
    [10 * 1024, 9],
    [64 * 1024, 65],
    [200 * 1024, 129],
    [8_000_000, 129],
  ])("takes account of where md begins on %d MiB: at %d MiB", (memberMiB, offset) => {
    expect(mdDataOffsetMiB(memberMiB)).toBe(offset);
  });

  // As mdadm 4.4 and LVM 2.03.31 made them: "Data Offset" of a member, the array's size, and extents of 4 MiB.
  it.each([
    ["raid1", 2, 851, 512, 2048, 870_400, 212],
    ["raid5", 4, 300, 512, 4096, 915_456, 223],
    ["raid6", 4, 4000, 64, 6144, 8_185_856, 1998],
    ["raid5", 7, 3001, 512, 6144, 18_419_712, 4496],
    ["raid6", 6, 130_000, 256, 133_120, 532_213_760, 129_934],
    ["raid10", 6, 131_072, 512, 264_192, 402_256_896, 98_206],
    ["raid1", 2, 915_000, 512, 264_192, 936_827_904, 228_717],
  ] as const)("is what mdadm and LVM make of %s over %d of %d MiB in chunks of %d KiB", (...made) => {
    const [level, count, memberMiB, chunkKiB, offsetSectors, arrayKiB, extents] = made;
    expect(mdDataOffsetMiB(memberMiB, level === "raid1" ? 0 : chunkKiB)).toBe(offsetSectors / 2048);
    expect(arrayMiB({ level, members: count, memberMiB, chunkKiB })).toBe(arrayKiB / 1024);
    // A disk of which so much is left for the member.
    const sizeGB = ((memberMiB + 102) * 2 ** 20) / 1e9;
    const redundancy = { ...md(level, count, sizeGB), chunkKiB };
    expect(usableMiB(image, pool(redundancy))).toBe(extents * EXTENT_MIB);
  });

  it("is less by half a stripe where LUKS ends within one, as cryptsetup 2.7.5 and LVM 2.03.31 made it", () => {
    const redundancy = { ...md("raid5", 4, ((300 + 102) * 2 ** 20) / 1e9), chunkKiB: 512 };
    const encryption = { kind: "luks2", unlock: [], discards: true } as const;
    // 16.5 and 1.5 MiB before the first of 219 extents.
    expect(usableMiB(image, pool(redundancy, { encryption }))).toBe(219 * EXTENT_MIB);
  });

  it("of an array is whole chunks of each member", () => {
    expect(arrayMiB({ level: "raid5", members: 3, memberMiB: 1023, chunkKiB: 65536 })).toBe(2 * 13 * 64);
  });
});

describe("partitions", () => {
  it("follow each other without a gap or an overlap, and leave room at the end", () => {
    fc.assert(
      fc.property(arrays, fc.constantFrom(image, installed), (redundancy, layout) => {
        let next = 1;
        for (const { startMiB, sizeMiB } of partitionsOf(layout, pool(redundancy))) {
          expect(startMiB).toBe(next);
          expect(sizeMiB).toBeGreaterThan(0);
          next += sizeMiB;
        }
        expect(next).toBeLessThanOrEqual(mebibytes(redundancy.members[0]?.sizeGB ?? 0) - 100);
      }),
    );
  });
});

describe("what may fail", () => {
  it("is any disks of the promised number, whichever they are", () => {
    fc.assert(
      fc.property(arrays, (redundancy) => {
        const { any } = faultTolerance(redundancy);
        for (const lost of choices(redundancy.members, any))
          expect(survives(redundancy, new Set(lost.map(({ id }) => id)))).toBe(true);
      }),
    );
  });

  it("is never more than the best number, and that number with the right disks", () => {
    fc.assert(
      fc.property(arrays, (redundancy) => {
        const { best } = faultTolerance(redundancy);
        const survivable = (count: number) =>
          choices(redundancy.members, count).some((lost) => survives(redundancy, new Set(lost.map(({ id }) => id))));
        expect(survivable(best)).toBe(true);
        expect(survivable(best + 1)).toBe(false);
      }),
    );
  });

  it("gets no better when one more disk fails", () => {
    fc.assert(
      fc.property(arrays, fc.infiniteStream(fc.boolean()), (redundancy, fails) => {
        const lost = new Set(redundancy.members.filter(() => fails.next().value === true).map(({ id }) => id));
        if (survives(redundancy, lost)) return;
        for (const { id } of redundancy.members) expect(survives(redundancy, new Set([...lost, id]))).toBe(false);
      }),
    );
  });

  it("is not changed by the loss of a spare", () => {
    expect(survives(md("raid5", 3, 960, 1), new Set(["d0", "d3"]))).toBe(true);
    expect(survives(md("raid5", 3, 960, 1), new Set(["d0", "d1"]))).toBe(false);
  });

  it("in RAID 10 is one of each pair, and never both of one", () => {
    const four = md("raid10", 4);
    expect(mirrors(four.members).map((pair) => pair.map(({ id }) => id))).toEqual([
      ["d0", "d1"],
      ["d2", "d3"],
    ]);
    expect(survives(four, new Set(["d0", "d2"]))).toBe(true);
    expect(survives(four, new Set(["d0", "d1"]))).toBe(false);
    expect(toleranceText(four)).toBe("any 1 disk, up to 2 if never both of d0 + d1, d2 + d3");
  });

  it("in RAID 10 of an odd number is no two neighbours, the last and the first being neighbours too", () => {
    const five = md("raid10", 5);
    expect(survives(five, new Set(["d0", "d2"]))).toBe(true);
    expect(survives(five, new Set(["d4", "d0"]))).toBe(false);
    expect(faultTolerance(five)).toEqual({ any: 1, best: 2 });
  });

  it("is said in words", () => {
    expect(toleranceText(md("raid6", 6))).toBe("any 2 disks");
    expect(toleranceText(md("raid0", 2))).toBe("no disk may fail");
    expect(toleranceText({ ...md("raid10", 4), kind: "hardware", controller: "c", volumeId: "wwn-0x1" })).toBe(
      "any 1 disk",
    );
  });
});
