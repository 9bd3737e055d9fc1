import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { SCRIPTS_FOLDER } from "./scripts.ts";

const SHELLCHECK = "/usr/bin/shellcheck";
const scripts = readdirSync(SCRIPTS_FOLDER);

function output(command: string, ...args: string[]) {
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: "utf8" });
  return { text: `${stdout}${stderr}`, status };
}

describe("programs that machines get", () => {
  it.each(scripts)("%s ends at the first error, and is read by bash", (name) => {
    const file = join(SCRIPTS_FOLDER, name);
    expect(output("grep", "-c", "^set -euo pipefail$", file).text).toBe("1\n");
    expect(output("bash", "-n", file)).toEqual({ text: "", status: 0 });
  });

  (existsSync(SHELLCHECK) ? it : it.skip)("have nothing that shellcheck complains about", () => {
    const files = scripts.map((name) => join(SCRIPTS_FOLDER, name));
    expect(output(SHELLCHECK, ...files)).toEqual({ text: "", status: 0 });
  });
});
