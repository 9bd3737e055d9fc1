/**
 * Brings this machine to where `pulumi up` of the stack can run. For the embedded cluster that is the cluster itself;
 * for built images the images; for a cluster of the operator's own, with upstream images, nothing.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parseEnvironment, readSettings, SettingsError, thisMachine } from "../environment/index.ts";
import { stackSettings } from "../tools/stack-settings.ts";
import { progress } from "./artifact.ts";

const { values } = parseArgs({ options: { stack: { type: "string", default: "dev" } } });
const file = `Pulumi.${values.stack}.yaml`;

/** Settings are checked before an hour of building, not after. */
function readEnvironment() {
  if (!existsSync(file)) throw new Error(`${file} does not exist: write it, beginning from Pulumi.prod.yaml`);
  const { config, withheld } = stackSettings(readFileSync(file, "utf8"));
  return parseEnvironment(readSettings(config), { machine: thisMachine(), withheld });
}

function step(name: string, main: string, ...args: string[]): void {
  const started = Date.now();
  const { status } = spawnSync(process.execPath, [main, ...args], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
  progress(`${name}: ready after ${Math.round((Date.now() - started) / 1000)} s`);
}

try {
  const environment = readEnvironment();
  if (environment.cluster.kind === "embedded") step("cluster", "bootstrap/cluster/main.ts", "up");
  if (environment.images.source === "built") {
    step("images", "images/build.ts");
  }
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(error instanceof SettingsError ? error.message : `${file}: ${error.message}`);
  process.exitCode = 1;
}
