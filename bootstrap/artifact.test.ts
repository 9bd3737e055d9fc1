import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { contentHash, registryAdvice, run } from "./artifact.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "roost-artifact-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the hash of sources", () => {
  const sources = (name: string, files: Record<string, string>): string => {
    const path = join(folder, name, "sources");
    mkdirSync(join(path, "below"), { recursive: true });
    for (const [file, content] of Object.entries(files)) writeFileSync(join(path, file), content);
    return path;
  };

  it("does not depend on where they lie", () => {
    const files = { a: "1", "below/b": "2" };
    expect(contentHash(sources("here", files))).toBe(contentHash(sources("there", files)));
  });

  it("changes with a content, a name, or where one file ends", () => {
    const variants = [
      { a: "1", b: "2" },
      { a: "1", b: "3" },
      { a: "1", c: "2" },
      { a: "12", b: "" },
      { a: "1", "below/b": "2" },
    ];
    const hashes = variants.map((files, index) => contentHash(sources(String(index), files)));
    expect(new Set(hashes).size).toBe(variants.length);
  });
});

describe("a command", () => {
  it("gives what it printed, and nothing of its errors", async () => {
    expect(await run("sh", ["-c", "cat; echo no >&2"], { input: "yes" })).toBe("yes");
  });

  it("that fails is named with its last lines", async () => {
    await expect(run("sh", ["-c", "echo why >&2; exit 3"])).rejects.toThrow(/sh -c .*: exit code 3\nwhy/);
  });

  it("that is not there is named", async () => {
    await expect(run("no-such-command", [])).rejects.toThrow(/no-such-command could not be started/);
  });
});

describe("advice about registries", () => {
  it.each([
    ['go: example.org@v1: Get "https://…/@v/list": dial tcp: lookup …: no such host', "GOPROXY"],
    ["verifying module: sum.golang.org/lookup: dial tcp: i/o timeout", "GOSUMDB"],
    ["npm error code ENOTFOUND", "npm config set registry"],
    ["WARNING: pip: Failed to establish a new connection", "PIP_INDEX_URL"],
    ["Could not transfer artifact x from central", "settings.xml"],
    ["E: Failed to fetch http://… Temporary failure resolving", "sources.list"],
  ])("for %s names %s", (printed, setting) => {
    expect(registryAdvice(printed)).toContain(setting);
  });

  it("is not given when the registry is not the cause", () => {
    expect(registryAdvice("npm error code ELIFECYCLE")).toBeUndefined();
    expect(registryAdvice("go: main.go:1: undefined: x")).toBeUndefined();
  });
});
