import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { run } from "../../bootstrap/artifact.ts";
import { ask } from "../server-audit/machine.ts";
import { chosen, fleetOf, knownHostsFile, sshTarget } from "../server-audit/main.ts";
import { parseCommandLine } from "./command-line.ts";

/** Shows keys of machines that are not known yet, and writes those that a person accepts. @returns the exit code */
export async function trust(words: readonly string[]): Promise<number> {
  try {
    const options = parseCommandLine(words);
    const file = options.knownHostsFile ?? knownHostsFile(options.stack);
    const known = existsSync(file) ? readFileSync(file, "utf8") : "";
    let accepted = "";
    for (const server of chosen(options, fleetOf(options))) {
      const target = sshTarget(server, { ...options, knownHostsFile: file });
      const alias = target.hostKeyAlias ?? server.name;
      if (isKnown(known, alias)) {
        console.log(`${alias}: known already`);
        continue;
      }
      const keys = await offeredKeys(target, alias);
      if (typeof keys === "string") throw new Error(`${alias}: ${keys}`);
      console.log(`${alias}: ${keys.fingerprint}`);
      if (options.yes || (await isSame())) accepted += keys.lines;
    }
    if (accepted !== "") writeFileSync(file, known + accepted);
    return 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(error.message);
    return 2;
  }
}

async function isSame(): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question("  Is that what the machine's console shows after its first boot? [y/N] ");
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Whether the file has a key of that name; names in it are not hashed. */
export function isKnown(knownHosts: string, alias: string): boolean {
  return knownHosts.split("\n").some((line) => line.split(" ")[0] === alias);
}

/** What the machine offers to ssh itself, so that bastions and the operator's own configuration count. */
async function offeredKeys(target: ReturnType<typeof sshTarget>, alias: string) {
  const folder = mkdtempSync(join(tmpdir(), "roost-trust-"));
  try {
    const file = join(folder, "known_hosts");
    const { problem } = await ask({ ...target, knownHostsFile: file, acceptNewHostKey: true }, "true\n");
    if (!existsSync(file)) return problem ?? "it offered no key";
    const fingerprint = (await run("ssh-keygen", ["-l", "-f", file])).trim().split(" ")[1] ?? "";
    const lines = readFileSync(file, "utf8");
    return isKnown(lines, alias) ? { lines, fingerprint } : "it offered no key of its own";
  } finally {
    rmSync(folder, { recursive: true });
  }
}
