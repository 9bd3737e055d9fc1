/** Everything, one after the other; ends with what took how long, and one line that counts the tests. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { cacheFolder } from "../bootstrap/artifact.ts";
import { buildsSince, type Duration, durationsTable } from "./durations.ts";

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly files: readonly Duration[];
}

const COUNTS = resolve("build", "test-counts.jsonl");
mkdirSync("build", { recursive: true });
writeFileSync(COUNTS, "");
const begun = Date.now();
const results = ["check", "e2e"].map((target) => {
  const started = Date.now();
  const { status } = spawnSync("make", ["--no-print-directory", target], {
    stdio: "inherit",
    env: { ...process.env, ROOST_TEST_COUNTS: COUNTS },
  });
  const seconds = (Date.now() - started) / 1000;
  console.log(`make ${target}: ${status === 0 ? "good" : "FAILED"} after ${(seconds / 60).toFixed(1)} min`);
  return { name: target, seconds, good: status === 0 };
});
const counts: Counts[] = readFileSync(COUNTS, "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line));
const sum = (key: "passed" | "failed" | "skipped") => counts.reduce((total, each) => total + each[key], 0);
const good = results.every((each) => each.good) && sum("failed") === 0;
// A target that broke outside of a test counts as one failure, so that the line cannot say otherwise.
const failed = good ? 0 : Math.max(1, sum("failed"));
const builds = buildsSince(join(cacheFolder, "seconds"), begun);
const files = counts.flatMap((each) => each.files);
console.log(`\n${durationsTable(builds, results, files)}`);
console.log(`\n${sum("passed")} passed, ${failed} failed, ${sum("skipped")} skipped`);
process.exitCode = good ? 0 : 1;
