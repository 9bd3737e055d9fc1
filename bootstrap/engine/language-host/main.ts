/**
 * Pulumi's language host for Node.js, started by the engine as `pulumi-language-nodejs [flags] <engine address>`.
 * It says on which port it serves, and lives as long as the engine holds its standard input open.
 */
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { languageHost } from "./host.ts";
import { loadSdk } from "./sdk.ts";
import { serve } from "./serve.ts";

const { values, positionals } = parseArgs({
  args: process.argv.slice(2).map((argument) => argument.replace(/^-(?=[a-z]{2})/, "--")),
  options: { tracing: { type: "string" } },
  strict: false,
  allowPositionals: true,
});
const engine = positionals.at(-1);
if (engine === undefined) throw new Error("usage: pulumi-language-nodejs [--tracing <endpoint>] <engine address>");

const sdk = loadSdk([process.cwd(), process.env.ROOST_HOME ?? dirname(import.meta.dirname)]);
const host = languageHost(sdk, { engine, tracing: typeof values.tracing === "string" ? values.tracing : "" });
await serve(sdk, sdk.languageService.LanguageRuntimeService, host);
