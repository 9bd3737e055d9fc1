import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { runPacked } from "../components/network/index.ts";
import { bundle, packed } from "./bundle.ts";

describe("the bundle of a service", () => {
  it.each(["directory-sync", "kafka-topics", "kafka-guard", "archive", "im-bulk"] as const)(
    "%s fits into a ConfigMap, and names no folder of the machine",
    (name) => {
      const program = bundle(name);
      expect(Buffer.byteLength(program)).toBeLessThan(2 ** 20);
      expect(program).not.toContain(process.cwd());
    },
  );

  it("runs as a ConfigMap carries it, and is told what follows", () => {
    const folder = mkdtempSync(join(tmpdir(), "roost-packed-"));
    try {
      const file = join(folder, "object-store.js.gz");
      writeFileSync(file, Buffer.from(packed("object-store").base64, "base64"));
      const { status, stdout, stderr } = spawnSync(process.execPath, [...runPacked, file, "/nowhere.json", folder]);
      expect([status, `${stdout}${stderr}`]).toEqual([1, expect.stringContaining("open '/nowhere.json'")]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
