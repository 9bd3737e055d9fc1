import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type { Pool, Server, Unlock } from "../model.ts";
import { storage as storageServer, tower } from "../testing.ts";
import { mdUuid, stableUuid } from "./identifiers.ts";
import { SCRIPTS_FOLDER } from "./scripts.ts";
import { fstabLines, storage } from "./storage.ts";
import { debianImages, debianInstalled } from "./testing.ts";

const file = (server: Server, path: string) => storage(server).files?.find((each) => each.path === path)?.content ?? "";

/** The values that bash reads from a pool's description. */
function read(server: Server, path: string, ...names: string[]): string[] {
  const print = names.map((name) => `printf '%s\\n' "\${${name}[*]}"`).join("; ");
  const script = `set -eu\n${file(server, path)}${print}`;
  const { stdout, stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout.trimEnd().split("\n");
}

describe("the description of a pool", () => {
  const server = debianImages.find(({ name }) => name === "tower");
  if (server === undefined) throw new Error("tower is one of the machines");

  it("has members in the order of the array's slots, then spares", () => {
    const [members = "", spares] = read(server, "/etc/roost/pools/1-data", "MEMBERS", "SPARES");
    expect(members.split(" ")).toEqual(["1", "2", "3", "4"].map((at) => `ata-ST4000NM000A_WX10A${at}`));
    expect(spares).toBe("ata-ST4000NM000A_WX10A5");
  });

  it("has a partition of its own for each disk, named alike each time", () => {
    const [guids = ""] = read(server, "/etc/roost/pools/1-data", "PARTITIONS");
    expect(new Set(guids.split(" ")).size).toBe(5);
    expect(read(server, "/etc/roost/pools/1-data", "PARTITIONS")).toEqual([guids]);
  });

  it("is not for an installer's pool to be made by first boot", () => {
    const [installed] = debianInstalled;
    if (installed === undefined) throw new Error("there are machines");
    expect(read(installed, "/etc/roost/pools/0-system", "MADE_BY")).toEqual(["installer"]);
    expect(file(installed, "/etc/roost/fstab")).not.toContain("/dev/system/");
  });

  it("has every variable that the script takes from it", () => {
    const script = readFileSync(join(SCRIPTS_FOLDER, "roost-storage.sh"), "utf8");
    const [, unset = ""] = /unset (.*)/.exec(script) ?? [];
    const own = [...unset.split(" "), ...[...script.matchAll(/^\s*(?:local )?([A-Z_]+)=/gm)].map(([, name]) => name)];
    const used = [...script.matchAll(/\$\{?[#!]?([A-Z][A-Z_0-9]+)/g)].map(([, name]) => name);
    const given = [...file(server, "/etc/roost/pools/1-data").matchAll(/^([A-Z_0-9]+)=/gm)].map(([, name]) => name);
    expect(used.filter((name) => ![...own, ...given, "TABLE"].includes(name))).toEqual([]);
  });

  it("says how the pool is opened", () => {
    const [policy = ""] = read(server, "/etc/roost/pools/1-data", "CLEVIS_POLICY");
    expect(JSON.parse(policy)).toMatchObject({ t: 1, pins: { tang: [{ url: "http://10.1.0.5:7500" }, {}] } });
  });
});

describe("mounts", () => {
  const [, pool] = tower.storage.pools;
  if (pool === undefined) throw new Error("tower has two pools");
  const unlockedBy = (...unlock: Unlock[]): Pool => ({
    ...pool,
    encryption: { kind: "luks2", unlock, discards: false },
  });
  const optionsOf = (lines: string[]) => lines.map((line) => line.split(" ")[3]?.split(",") ?? []);

  it("of volumes that may be missing do not stop the boot", () => {
    const [first] = pool.volumes;
    if (first === undefined) throw new Error("the pool has volumes");
    const [report = [], stop = []] = optionsOf(
      fstabLines({ ...pool, volumes: [first, { ...first, whenMissing: "stop" }] }),
    );
    expect(report).toContain("nofail");
    expect(stop).not.toContain("nofail");
  });

  it("wait for the network where it opens the pool", () => {
    for (const options of optionsOf(fstabLines(pool))) expect(options).toContain("_netdev");
    for (const options of optionsOf(fstabLines(unlockedBy({ kind: "tpm2", pcrs: [7] })))) {
      expect(options).not.toContain("_netdev");
      expect(options).not.toContain("noauto");
    }
  });

  it("wait for nobody where only a person opens the pool", () => {
    for (const options of optionsOf(fstabLines(unlockedBy({ kind: "escrow" })))) expect(options).toContain("noauto");
    expect(file(storageServer, "/etc/roost/crypttab")).toMatch(/^data_crypt UUID=\S+ none luks,.*noauto/m);
  });
});

describe("identifiers", () => {
  it("are UUIDs, the same for the same thing of the same machine, and no other's", () => {
    const uuid = stableUuid(tower, "data", "array");
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(stableUuid(tower, "data", "array")).toBe(uuid);
    expect(stableUuid({ ...tower, domain: "example.com" }, "data", "array")).not.toBe(uuid);
    expect(stableUuid(tower, "dataa", "rray")).not.toBe(uuid);
  });

  it("are written for mdadm in four words", () => {
    expect(mdUuid("01234567-89ab-8def-8123-456789abcdef")).toBe("01234567:89ab8def:81234567:89abcdef");
  });
});
