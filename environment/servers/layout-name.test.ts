import { describe, expect, it } from "@jest/globals";
import { layoutName } from "./layout-name.ts";
import type { StorageLayout } from "./storage.ts";

const disk = { id: "ata-A", sizeGB: 960, media: "ssd" } as const;
const layout: StorageLayout = {
  system: { kind: "image" },
  pools: [{ name: "data", redundancy: { kind: "none", disk }, encryption: { kind: "none" }, volumes: [] }],
};

describe("a layout's name", () => {
  it("is the same in whichever order its properties come, as the engine changes it", () => {
    const [pool] = layout.pools;
    const reversed = { pools: [{ volumes: [], ...pool }], system: layout.system };
    expect(JSON.stringify(reversed)).not.toBe(JSON.stringify(layout));
    expect(layoutName({ ...reversed, pools: layout.pools.map((each) => ({ ...reversed.pools[0], ...each })) })).toBe(
      layoutName(layout),
    );
  });

  it("is another for other disks, and for the same in another order of slots", () => {
    const spare = { ...disk, id: "ata-B" };
    const array = (members: readonly (typeof disk | typeof spare)[]): StorageLayout => ({
      ...layout,
      pools: layout.pools.map((pool) => ({
        ...pool,
        redundancy: { kind: "md", level: "raid1", members, spares: [], chunkKiB: 512 },
      })),
    });
    const names = [layout, array([disk, spare]), array([spare, disk])].map(layoutName);
    expect(new Set(names).size).toBe(3);
    expect(names.every((name) => /^[0-9a-f]{8}$/.test(name))).toBe(true);
  });
});
