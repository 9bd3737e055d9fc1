/** How long the parts of a run took: what `make test` shows before its last line. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { table } from "./figures.ts";

export interface Duration {
  readonly name: string;
  readonly seconds: number;
}

/** How many test files are shown. */
const SLOWEST = 10;

/**
 * What a run had to build, for the cache did not have it.
 *
 * @param folder where the cache keeps how long each artifact took
 * @param since the beginning of the run, in ms since 1970
 */
export function buildsSince(folder: string, since: number): Duration[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).mtimeMs >= since)
    .map((name) => ({ name: withoutHashes(name), seconds: Number(readFileSync(join(folder, name), "utf8")) }));
}

/** Pure: a table of all steps and the slowest test files, the longest of each first. */
export function durationsTable(
  builds: readonly Duration[],
  targets: readonly Duration[],
  files: readonly Duration[],
): string {
  const rows = (kind: string, durations: readonly Duration[]) =>
    durations.map(({ name, seconds }) => [kind, name, seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0)]);
  return table(
    ["", "what took time", "s"],
    [
      ...rows("build", longestFirst(builds)),
      ...rows("make", targets),
      ...rows("test", longestFirst(files).slice(0, SLOWEST)),
    ],
  );
}

function longestFirst(durations: readonly Duration[]): Duration[] {
  return durations.toSorted((a, b) => b.seconds - a.seconds);
}

/** An artifact's name and version without the hashes of its sources, which say nothing to people. */
function withoutHashes(name: string): string {
  return name.replace(/-[0-9a-f]{16}(?=-|$)/g, "");
}
