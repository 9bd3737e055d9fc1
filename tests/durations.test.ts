import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { buildsSince, durationsTable } from "./durations.ts";

describe("the durations of a run", () => {
  it("are of what was built in it, not of what the cache had", () => {
    const folder = mkdtempSync(join(tmpdir(), "roost-seconds-"));
    const note = (name: string, seconds: number, at: number) => {
      writeFileSync(join(folder, name), `${seconds}\n`);
      utimesSync(join(folder, name), at, at);
    };
    note("pulumi-3.228.0-0123456789abcdef", 230, 1000);
    note("image-synapse-0123456789abcdef", 95, 3000);
    expect(buildsSince(folder, 2_000_000)).toEqual([{ name: "image-synapse", seconds: 95 }]);
    rmSync(folder, { recursive: true });
    expect(buildsSince(folder, 0)).toEqual([]);
  });

  it("are a table of builds and targets, and of the ten slowest test files", () => {
    const files = Array.from({ length: 12 }, (_, at) => ({ name: `${at}.test.ts`, seconds: at }));
    const builds = [
      { name: "image-web", seconds: 12.4 },
      { name: "image-synapse", seconds: 95 },
    ];
    const targets = [
      { name: "check", seconds: 80 },
      { name: "e2e", seconds: 900 },
    ];
    const rows = durationsTable(builds, targets, files).split("\n").slice(2);
    expect(rows.slice(0, 5)).toEqual([
      "| build | image-synapse  | 95  |",
      "| build | image-web      | 12  |",
      "| make  | check          | 80  |",
      "| make  | e2e            | 900 |",
      "| test  | 11.test.ts     | 11  |",
    ]);
    expect(rows).toHaveLength(14);
    expect(rows.at(-1)).toBe("| test  | 2.test.ts      | 2.0 |");
  });
});
