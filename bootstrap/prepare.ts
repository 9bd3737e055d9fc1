/**
 * Brings this machine to where `pulumi up` of the stack can run. For the embedded cluster that is the cluster itself;
 * for built images the images; for a cluster of the operator's own, with upstream images, nothing.
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { hostNames } from "../environment/index.ts";
import { explained, stackEnvironment } from "../tools/stack-settings.ts";
import { progress } from "./artifact.ts";

const cluster = "bootstrap/cluster/main.ts";
const { values } = parseArgs({ options: { stack: { type: "string", default: "dev" } } });

function run(main: string, ...args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, [main, ...args], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

function step(name: string, main: string, ...args: readonly string[]): void {
  const started = Date.now();
  run(main, ...args);
  progress(`${name}: ready after ${Math.round((Date.now() - started) / 1000)} s`);
}

try {
  // Before an hour of building, not after.
  const environment = stackEnvironment(values.stack);
  const embedded = environment.cluster.kind === "embedded";
  if (embedded) step("cluster", cluster, "up");
  // Names that led to this machine must not hide the real ones when the environment is elsewhere now.
  run(cluster, "names", values.stack, ...(embedded ? hostNames(environment) : []));
  if (environment.images.source === "built") step("images", "images/build.ts");
} catch (error) {
  console.error(explained(values.stack, error));
  process.exitCode = 1;
}
