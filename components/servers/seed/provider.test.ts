import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { layoutName } from "../layout-change.ts";
import type { StorageLayout } from "../model.ts";
import { tower } from "../testing.ts";
import { checkSeed, deleteSeed, isSeedChanged, putSeed, readSeed, type SeedInputs } from "./provider.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "roost-seed-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function inputs(more: Partial<SeedInputs> = {}): SeedInputs {
  return {
    server: "tower",
    media: { kind: "directory" },
    path: join(folder, "seeds", "tower"),
    files: { "user-data": "#cloud-config\n", "meta-data": "instance-id: 1\n" },
    layout: tower.storage,
    ...more,
  };
}

const asImage = () => inputs({ media: { kind: "iso", label: "cidata" }, path: join(folder, "seeds", "tower.iso") });

describe("a seed", () => {
  it("is a folder that only its owner may read", () => {
    putSeed(inputs());
    const { path } = inputs();
    expect(readdirSync(path).sort()).toEqual(["meta-data", "user-data"]);
    expect(readFileSync(join(path, "user-data"), "utf8")).toBe("#cloud-config\n");
    expect([path, join(path, "user-data")].map((each) => statSync(each).mode & 0o777)).toEqual([0o700, 0o600]);
  });

  it("is an image, the same each time", () => {
    const first = putSeed(asImage());
    const bytes = readFileSync(first.path);
    expect(putSeed(asImage()).digest).toBe(first.digest);
    expect(readFileSync(first.path).equals(bytes)).toBe(true);
    expect(statSync(first.path).mode & 0o777).toBe(0o600);
  });

  it.each([
    ["folder", inputs],
    ["image", asImage],
  ])("is not written again while nothing changes: %s", (_, make) => {
    const state = putSeed(make());
    expect(isSeedChanged(state, make())).toBe(false);
    expect(readSeed(state)).toEqual(state);
  });

  it("is written again when it would be another, or is no longer what was written", () => {
    const state = putSeed(inputs());
    expect(isSeedChanged(state, inputs({ files: { "user-data": "" } }))).toBe(true);
    writeFileSync(join(state.path, "user-data"), "changed");
    expect(isSeedChanged(state, inputs())).toBe(true);
    expect(readSeed(state)?.digest).not.toBe(state.digest);
    deleteSeed(state);
    expect(isSeedChanged(state, inputs())).toBe(true);
    expect(readSeed(state)).toBeUndefined();
  });

  it("leaves nothing behind where it lay before, and no file that it no longer has", () => {
    const state = putSeed(inputs());
    const moved = putSeed({ ...asImage() }, state);
    expect(readdirSync(join(folder, "seeds"))).toEqual(["tower.iso"]);
    deleteSeed(moved);
    deleteSeed(moved);
    expect(existsSync(moved.path)).toBe(false);
    putSeed(inputs());
    putSeed(inputs({ files: { "user-data": "" } }));
    expect(readdirSync(inputs().path)).toEqual(["user-data"]);
  });

  it("has no file outside of its folder", () => {
    expect(() => putSeed(inputs({ files: { "../user-data": "" } }))).toThrow("../user-data is no name of a file");
    expect(() => putSeed(inputs({ files: { "..": "" } }))).toThrow("is no name of a file");
  });
});

describe("a changed layout", () => {
  const smaller: StorageLayout = { ...tower.storage, pools: tower.storage.pools.slice(0, 1) };
  const refusal = () => checkSeed(inputs(), inputs({ layout: smaller }));

  it("is refused when data would be lost, with what is lost and how to name the change", () => {
    expect(refusal()).toEqual([
      { property: "layout", reason: expect.stringMatching(/^tower: .*pool data would be gone.*"[0-9a-f]{8}"\.$/) },
    ]);
  });

  it("is taken when it is named, and only that one", () => {
    const acceptedLayout = layoutName(smaller);
    expect(checkSeed(inputs(), inputs({ layout: smaller, acceptedLayout }))).toEqual([]);
    const none: StorageLayout = { ...tower.storage, pools: [] };
    expect(checkSeed(inputs(), inputs({ layout: none, acceptedLayout }))).toHaveLength(1);
  });

  it("is no question for a machine that is new, or stays as it is", () => {
    expect(checkSeed({}, inputs())).toEqual([]);
    expect(checkSeed(inputs(), inputs())).toEqual([]);
  });
});
