/**
 * Chooses a stack, and makes it where the state does not have it: `node tools/select-stack.ts --stack dev`. The settings
 * file may come from a time with another state and passphrase; that matters only when it holds secrets.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { fileOf, withoutSalt } from "./stack-settings.ts";

const { values } = parseArgs({ options: { stack: { type: "string", default: "dev" } } });
const file = fileOf(values.stack);

function select(...options: readonly string[]): { readonly selected: boolean; readonly problem: string } {
  const { status, stderr } = spawnSync("pulumi", ["stack", "select", values.stack, "--non-interactive", ...options], {
    encoding: "utf8",
  });
  return { selected: status === 0, problem: stderr.trim() };
}

function create(): void {
  if (existsSync(file)) {
    const settings = readFileSync(file, "utf8");
    const usable = withoutSalt(settings);
    if (usable !== settings) writeFileSync(file, usable);
  }
  const { selected, problem } = select("--create");
  if (selected) return;
  console.error(problem);
  if (problem.includes("incorrect passphrase")) {
    console.error(
      `${file} holds secrets that are encrypted with another passphrase. Give that one by PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE, or remove the line "encryptionsalt" and set the secrets anew.`,
    );
  }
  process.exitCode = 1;
}

if (!select().selected) create();
