import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { images } from "./catalogue.ts";
import { checkJars, lockFileOf, lockOf } from "./jars.ts";

describe("jars", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "roost-jars-"));
    writeFileSync(join(folder, "a.jar"), "a");
    writeFileSync(join(folder, "b.jar"), "b");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("are taken as they were locked", () => {
    expect(() => checkJars("kafka", folder, lockOf(folder))).not.toThrow();
  });

  it("are refused when one was altered, is missing, or was added", () => {
    const locked = lockOf(folder);
    writeFileSync(join(folder, "a.jar"), "another");
    expect(() => checkJars("kafka", folder, locked)).toThrow(/found .*a\.jar\n.*locked .*a\.jar/);
    rmSync(join(folder, "a.jar"));
    expect(() => checkJars("kafka", folder, locked)).toThrow(/locked .*a\.jar\n.*lock-jars\.ts/);
    writeFileSync(join(folder, "a.jar"), "a");
    writeFileSync(join(folder, "c.jar"), "c");
    expect(() => checkJars("kafka", folder, locked)).toThrow(/found .*c\.jar/);
  });

  it.each([
    ["kafka", ["kafka_2.13", "kafka-tools"]],
    ["kafka-connect", ["connect-runtime", "connect-json", "connect-transforms"]],
  ] as const)("are locked for the version of the catalogue: %s", (image, jars) => {
    const names = readFileSync(lockFileOf(image), "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split("  ")[1]);
    for (const jar of jars) expect(names).toContain(`${jar}-${images.kafka.version}.jar`);
  });
});
