import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { isoImage } from "./iso.ts";

const folder = mkdtempSync(join(tmpdir(), "roost-iso-"));
const file = join(folder, "seed.iso");
const hasIsoinfo = spawnSync("isoinfo", ["-version"]).status === 0;

function isoinfo(...words: readonly string[]): string {
  return spawnSync("isoinfo", ["-i", file, ...words], { encoding: "utf8" }).stdout;
}

const files = {
  "user-data": "#cloud-config\nname: 房间\n",
  "meta-data": "",
  "network-config": "x".repeat(5000),
  ...Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [`a-long-name-so-that-the-folder-takes-sectors-${at}`, `${at}`]),
  ),
};

afterAll(() => rmSync(folder, { recursive: true }));

describe("an image", () => {
  it("is the same for the same files, in whichever order they come", () => {
    const reversed = Object.fromEntries(Object.entries(files).reverse());
    expect(isoImage("cidata", files).equals(isoImage("cidata", reversed))).toBe(true);
    expect(isoImage("cidata", { ...files, "meta-data": "x" }).equals(isoImage("cidata", files))).toBe(false);
  });

  it("is whole sectors, and begins as the format asks", () => {
    const image = isoImage("OEMDRV", { "ks.cfg": "text\n" });
    expect(image.length % 2048).toBe(0);
    expect(image.subarray(16 * 2048, 16 * 2048 + 6).toString("latin1")).toBe("\x01CD001");
    expect(image.readUInt32LE(16 * 2048 + 80) * 2048).toBe(image.length);
    expect(image.subarray(16 * 2048 + 40, 16 * 2048 + 46).toString("latin1")).toBe("OEMDRV");
  });

  it.each(["sub/user-data", "", "two words"])("has no file with the name %p", (name) => {
    expect(() => isoImage("cidata", { [name]: "" })).toThrow("is no name");
  });

  it("has a label that can be written", () => {
    expect(() => isoImage("a label", {})).toThrow("is no label");
  });

  (hasIsoinfo ? it : it.skip)("is read by others, by its label and the files' own names", () => {
    writeFileSync(file, isoImage("cidata", files));
    expect(isoinfo("-d")).toMatch(/Volume id: cidata\n[\s\S]*Joliet with UCS level 3 found/);
    for (const [name, content] of Object.entries(files)) expect(isoinfo("-J", "-x", `/${name}`)).toBe(content);
    // Sixty files and no folder.
    expect(isoinfo("-J", "-l").match(/^-/gm)).toHaveLength(Object.keys(files).length);
  });
});
