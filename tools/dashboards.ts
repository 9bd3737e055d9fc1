/** Writes the dashboards as Grafana's JSON, to be imported into a Grafana that is there already. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { dashboardsOf } from "./dashboard/files.ts";
import { explained, stackEnvironment } from "./stack-settings.ts";

const { values } = parseArgs({
  options: { stack: { type: "string", default: "dev" }, out: { type: "string", default: "build/dashboards" } },
});

try {
  const files = dashboardsOf(stackEnvironment(values.stack));
  mkdirSync(values.out, { recursive: true });
  for (const [name, dashboard] of Object.entries(files))
    writeFileSync(join(values.out, name), `${JSON.stringify(dashboard, null, 2)}\n`);
  console.log(`${values.out}: ${Object.keys(files).join(", ")}`);
  console.log(
    "Import them in Grafana (Dashboards, New, Import), and choose the Prometheus that watches the environment.",
  );
} catch (error) {
  console.error(explained(values.stack, error));
  process.exitCode = 1;
}
