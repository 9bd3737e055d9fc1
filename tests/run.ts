/** Everything; ends with what took how long, and one line that counts the tests. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { cacheFolder } from "../bootstrap/artifact.ts";
import { buildsSince, type Duration, durationsTable } from "./durations.ts";

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly files: readonly Duration[];
  /** Which tests, each as `file: name`. */
  readonly failures: readonly string[];
  readonly skips: readonly string[];
}

const COUNTS = resolve("build", "test-counts.jsonl");
mkdirSync("build", { recursive: true });
writeFileSync(COUNTS, "");
const begun = Date.now();
const results: (Duration & { readonly good: boolean })[] = [];
await step("check", ["make", "--no-print-directory", "check"]);
if (await step("prepare", ["make", "--no-print-directory", "e2e-prepare"])) {
  const jest = (project: string) => [
    "bootstrap/run",
    "npx",
    "jest",
    "--selectProjects",
    project,
    "--runInBand",
    "--testTimeout=120000",
  ];
  // Alone, since it measures for how long something did not answer. Machines take only what the others leave.
  await step("cluster", jest("cluster"));
  await Promise.all([
    step("parts", jest("parts")),
    step("servers", ["nice", "make", "--no-print-directory", "servers-e2e"]),
  ]);
}

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
// Last, since of a long log its end is what is read.
for (const skip of counts.flatMap(({ skips }) => skips)) console.log(`skipped: ${skip}`);
for (const { name } of results.filter((each) => !each.good)) console.log(`FAILED: ${name}`);
for (const failure of counts.flatMap(({ failures }) => failures)) console.log(`FAILED: ${failure}`);
console.log(`\n${sum("passed")} passed, ${failed} failed, ${sum("skipped")} skipped`);
process.exitCode = good ? 0 : 1;

/** Runs a command, whose tests are counted. @returns whether it was good */
async function step(name: string, [program = "", ...args]: readonly string[]): Promise<boolean> {
  const started = Date.now();
  const env = { ...process.env, ROOST_TEST_COUNTS: COUNTS };
  const [code] = await once(spawn(program, args, { stdio: "inherit", env }), "exit");
  const seconds = (Date.now() - started) / 1000;
  console.log(`${name}: ${code === 0 ? "good" : "FAILED"} after ${(seconds / 60).toFixed(1)} min`);
  results.push({ name, seconds, good: code === 0 });
  return code === 0;
}
