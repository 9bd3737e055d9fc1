/**
 * Adds a person to a stack's homeserver: `node tools/user.ts ada [--admin] [--reset] [--json]`. The password is made here
 * and printed, once; `--reset` gives a new one to somebody who has lost theirs, and ends all their sessions.
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import type { HomeserverPlace } from "./account.ts";
import { homeserverIn, kubectlArguments, localpartOf, newPassword } from "./account.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stack: { type: "string", default: "dev" },
    admin: { type: "boolean", default: false },
    reset: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

try {
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new Error("Say who: make user NAME=ada [ADMIN=1] [RESET=1]");
  const request = { localpart: localpartOf(name), admin: values.admin, reset: values.reset };
  const password = newPassword();
  const user = setPassword(kubectlArguments(placeOf(values.stack), request), password);
  console.log(values.json ? JSON.stringify({ user, password }) : `user:     ${user}\npassword: ${password}`);
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function placeOf(stack: string): HomeserverPlace {
  return homeserverIn(stack, JSON.parse(output("pulumi", ["stack", "export", "--stack", stack])));
}

function setPassword(words: string[], password: string): string {
  const { user }: { user: string } = JSON.parse(output("kubectl", words, password));
  return user;
}

/** What the command prints. Its own message is the error where it fails. */
function output(command: string, words: readonly string[], input = ""): string {
  const { stdout, stderr, status, error } = spawnSync(command, words, {
    input,
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
  });
  if (error !== undefined)
    throw new Error(`${command} cannot be run: ${error.message}. Run this by \`make user\`, which provides it.`);
  if (status !== 0) throw new Error(withoutExitCode(stderr));
  return stdout;
}

function withoutExitCode(message: string): string {
  return message.replace(/\s*command terminated with exit code \d+\s*$/, "").trim();
}
