/**
 * Gives a person of the embedded directory a password: `node tools/person.ts ada [--reset] [--json]`. It is made here and
 * printed, once; `--reset` gives a new one to somebody who has lost theirs, and ends a lock after wrong ones.
 */
import { parseArgs } from "node:util";
import { newPassword } from "./account.ts";
import { directoryIn, loginOf, passwordArguments, passwordChange, passwordProblem } from "./directory.ts";
import { outputOf } from "./output-of.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stack: { type: "string", default: "dev" },
    reset: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

try {
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new Error("Say who: make person NAME=ada [RESET=1]");
  const login = loginOf(name);
  const place = directoryIn(values.stack, JSON.parse(outputOf("pulumi", ["stack", "export", "--stack", values.stack])));
  const password = newPassword();
  const change = passwordChange(place, login, password);
  outputOf("kubectl", passwordArguments(place, values.reset), change);
  console.log(values.json ? JSON.stringify({ login, password }) : `person:   ${login}\npassword: ${password}`);
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(passwordProblem(error.message));
  process.exitCode = 1;
}
