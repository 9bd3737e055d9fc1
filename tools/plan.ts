/** Prints what a stack's settings amount to, without engine, cluster or passphrase; also where that is more than there is. */
import { parseArgs } from "node:util";
import { planOf } from "../environment/index.ts";
import { planText } from "./plan-text.ts";
import { explained, stackEnvironment } from "./stack-settings.ts";

const { values } = parseArgs({
  options: { stack: { type: "string", default: "dev" }, json: { type: "boolean", default: false } },
});

try {
  const environment = stackEnvironment(values.stack, false);
  const plan = planOf(environment);
  console.log(values.json ? JSON.stringify(plan, null, 2) : planText(values.stack, environment, plan));
  stackEnvironment(values.stack);
} catch (error) {
  console.error(explained(values.stack, error));
  process.exitCode = 1;
}
