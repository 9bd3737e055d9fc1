/** Prints the machines of a stack: capacity, fault tolerance, and what each failure costs. */
import { parseArgs } from "node:util";
import { lossesOf } from "../environment/servers/index.ts";
import { serversText } from "./servers-text.ts";
import { explained, stackEnvironment } from "./stack-settings.ts";

const { values } = parseArgs({
  options: { stack: { type: "string", default: "dev" }, json: { type: "boolean", default: false } },
});

try {
  const { fleet } = stackEnvironment(values.stack);
  if (fleet === undefined)
    console.log(`${values.stack}: no machines are described; docs/settings.md shows how, at roost:servers`);
  else
    console.log(
      values.json ? JSON.stringify({ ...fleet, losses: lossesOf(fleet) }, null, 2) : serversText(values.stack, fleet),
    );
} catch (error) {
  console.error(explained(values.stack, error));
  process.exitCode = 1;
}
