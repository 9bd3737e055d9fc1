/** Pages that are drawn from the answers of a real Prometheus, by the JSON that Grafana gets. */
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { dashboardFiles } from "../../components/observability/dashboards/index.ts";
import { TestPrometheus } from "../../tests/prometheus.ts";
import { dashboardJson } from "./model.ts";
import { dashboardPage } from "./render.ts";

jest.setTimeout(120_000);

const files = dashboardFiles({
  identity: true,
  keycloak: true,
  kafka: true,
  capture: true,
  bulk: true,
  servers: false,
});
let prometheus: TestPrometheus;

beforeAll(async () => {
  const seen = (series: string, at: (seconds: number) => number) => ({ series, at });
  prometheus = await TestPrometheus.start({
    seconds: 3600,
    stepSeconds: 15,
    series: [
      seen('slo:error_ratio:rate5m{slo="messages",measured="probe"}', () => 0.03),
      seen('up{job="synapse"}', () => 1),
      seen('ALERTS{alertname="<SynapseDown>",severity="page",component="synapse",alertstate="firing"}', () => 1),
      ...["0.5", "2", "+Inf"].map((le) =>
        seen(`roost_probe_message_seconds_bucket{job="probe",le="${le}"}`, (at) => (le === "0.5" ? at / 10 : at / 5)),
      ),
    ],
  });
});
afterAll(() => prometheus?.stop());

describe("a dashboard without a Grafana", () => {
  it("shows figures in the colours of their thresholds, lines, and what is told", async () => {
    const model = dashboardJson.parse(JSON.parse(JSON.stringify(files["overview.json"])));
    const page = await dashboardPage(model, prometheus.api, "drawn for a test");
    for (const { title } of model.panels) expect(page).toContain(title);
    // Three in a hundred are late, which is more than is promised.
    expect(page).toMatch(/<b style="color: #c62828">97 %<\/b>/);
    expect(page).toMatch(/<b style="color: #2e7d32">100 %<\/b>/);
    expect(page).toMatch(/<svg[^>]*>.*p95/s);
    expect(page).toContain("<td>&lt;SynapseDown&gt;</td>");
    expect(page).not.toContain("<SynapseDown>");
    expect(page).toContain("drawn for a test");
    // Nothing is fetched from anywhere.
    expect(page).not.toMatch(/<(?:script|link)|(?:src|href)="http/);
  });

  it.each(Object.keys(files))("can be drawn of %s", async (name) => {
    const model = dashboardJson.parse(JSON.parse(JSON.stringify(files[name])));
    expect(await dashboardPage(model, prometheus.api, "")).toContain("</html>");
  });
});
