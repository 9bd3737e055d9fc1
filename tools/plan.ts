/** Prints what a stack's settings amount to, without engine, cluster or passphrase. */
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parseEnvironment, planOf, readSettings, SettingsError, thisMachine } from "../environment/index.ts";
import { planText } from "./plan-text.ts";
import { stackSettings } from "./stack-settings.ts";

const { values } = parseArgs({
  options: { stack: { type: "string", default: "dev" }, json: { type: "boolean", default: false } },
});

try {
  const file = `Pulumi.${values.stack}.yaml`;
  if (!existsSync(file)) throw new Error("there is no such file; write it, beginning from Pulumi.prod.yaml");
  const { config, withheld } = stackSettings(readFileSync(file, "utf8"));
  const environment = parseEnvironment(readSettings(config), { machine: thisMachine(), withheld });
  const plan = planOf(environment);
  console.log(values.json ? JSON.stringify(plan, null, 2) : planText(values.stack, environment, plan));
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(error instanceof SettingsError ? error.message : `Pulumi.${values.stack}.yaml: ${error.message}`);
  process.exitCode = 1;
}
