/**
 * One call of the administration API by the administrator for emergencies: `node tools/break-glass.ts "GET /_synapse/…"`. A
 * body is read from the standard input where the call has one. It works while nobody can sign in otherwise, since it goes
 * through the cluster and needs neither directory nor identity provider.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { administrationArguments, administrationCall, homeserverIn } from "./account.ts";
import { outputOf } from "./output-of.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { stack: { type: "string", default: "dev" } },
});

try {
  const call = administrationCall(positionals.join(" "));
  const body = call.method === "POST" || call.method === "PUT" ? readFileSync(0, "utf8") : "";
  const stack = ["--stack", values.stack];
  const place = homeserverIn(values.stack, JSON.parse(outputOf("pulumi", ["stack", "export", ...stack])));
  const shown = outputOf("pulumi", ["stack", "output", "administrator", "--json", "--show-secrets", ...stack]);
  const { user, password }: { user: string; password: string } = JSON.parse(shown);
  process.stdout.write(outputOf("kubectl", administrationArguments(place, user, call), `${password}\n${body}`));
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
