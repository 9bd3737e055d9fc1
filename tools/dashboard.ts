/**
 * Draws one dashboard from what Prometheus says now, as a page for those who have no Grafana:
 * `node tools/dashboard.ts overview [--stack dev] [--since 15m] [--prometheus https://…]`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { dashboardsOf } from "./dashboard/files.ts";
import { dashboardJson } from "./dashboard/model.ts";
import { dashboardPage } from "./dashboard/render.ts";
import { explained, stackEnvironment } from "./stack-settings.ts";
import { prometheusApi } from "./tune/prometheus.ts";
import { askPrometheus } from "./tune/through-cluster.ts";

const { values, positionals } = parseArgs({
  options: {
    stack: { type: "string", default: "dev" },
    prometheus: { type: "string" },
    ca: { type: "string" },
    since: { type: "string" },
    out: { type: "string" },
  },
  allowPositionals: true,
});
const [name = "overview"] = positionals;

try {
  const environment = stackEnvironment(values.stack);
  const files = dashboardsOf(environment);
  const file = files[`${name}.json`];
  if (file === undefined) {
    const known = Object.keys(files).map((each) => each.replace(".json", ""));
    throw new Error(`There is no dashboard "${name}"; there are ${known.join(", ")}. Give one as NAME.`);
  }
  // What Grafana would be given, and nothing else.
  const asGiven = dashboardJson.parse(JSON.parse(JSON.stringify(file)));
  const model =
    values.since === undefined ? asGiven : { ...asGiven, time: { from: `now-${durationOf(values.since)}` } };
  const caption = `${environment.domain}, ${new Date().toISOString()}: drawn by tools/dashboard.ts with Apache ECharts from the answers of Prometheus, not by Grafana`;
  const page = await askPrometheus(environment, values, (settings) =>
    dashboardPage(model, prometheusApi(settings), caption),
  );
  const out = values.out ?? join("build", "dashboards", `${name}.html`);
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, page);
  console.log(out);
} catch (error) {
  console.error(explained(values.stack, error));
  process.exitCode = 1;
}

function durationOf(text: string): string {
  if (/^[1-9]\d*[mhd]$/.test(text)) return text;
  throw new Error(`SINCE is "${text}"; a number of minutes, hours or days is allowed, such as 15m, 6h or 7d`);
}
