/** Everything, one after the other; ends with one line that counts the tests. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const COUNTS = resolve("build", "test-counts.jsonl");
mkdirSync("build", { recursive: true });
writeFileSync(COUNTS, "");
const results = ["check", "e2e"].map((target) => {
  const started = Date.now();
  const { status } = spawnSync("make", ["--no-print-directory", target], {
    stdio: "inherit",
    env: { ...process.env, ROOST_TEST_COUNTS: COUNTS },
  });
  const minutes = ((Date.now() - started) / 60_000).toFixed(1);
  console.log(`make ${target}: ${status === 0 ? "good" : "FAILED"} after ${minutes} min`);
  return status === 0;
});
const counts: Counts[] = readFileSync(COUNTS, "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line));
const sum = (key: keyof Counts) => counts.reduce((total, each) => total + each[key], 0);
const good = results.every((each) => each) && sum("failed") === 0;
// A target that broke outside of a test counts as one failure, so that the line cannot say otherwise.
const failed = good ? 0 : Math.max(1, sum("failed"));
console.log(`\n${sum("passed")} passed, ${failed} failed, ${sum("skipped")} skipped`);
process.exitCode = good ? 0 : 1;
