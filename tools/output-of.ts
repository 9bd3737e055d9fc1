import { spawnSync } from "node:child_process";

/** What the command prints. Its own message is the error where it fails. */
export function outputOf(command: string, words: readonly string[], input = ""): string {
  const { stdout, stderr, status, error } = spawnSync(command, words, {
    input,
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
  if (error !== undefined)
    throw new Error(`${command} cannot be run: ${error.message}. Run this by \`make\`, which provides it.`);
  if (status !== 0) throw new Error(withoutExitCode(stderr));
  return stdout;
}

function withoutExitCode(message: string): string {
  return message.replace(/\s*command terminated with exit code \d+\s*$/, "").trim();
}
