/**
 * Adds a person to a stack's homeserver: `node tools/user.ts ada [--admin] [--reset] [--json]`. The password is made here
 * and printed, once; `--reset` gives a new one to somebody who has lost theirs, and ends all their sessions.
 */
import { parseArgs } from "node:util";
import type { HomeserverPlace } from "./account.ts";
import { homeserverIn, kubectlArguments, localpartOf, newPassword, refuseWithSingleSignOn } from "./account.ts";
import { outputOf } from "./output-of.ts";

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
  const exported: unknown = JSON.parse(outputOf("pulumi", ["stack", "export", "--stack", stack]));
  refuseWithSingleSignOn(stack, exported);
  return homeserverIn(stack, exported);
}

function setPassword(words: string[], password: string): string {
  const { user }: { user: string } = JSON.parse(outputOf("kubectl", words, password));
  return user;
}
