import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { everything } from "../../../tests/observability/facts.ts";
import { isAlert, type RuleFacts, ruleGroups } from "../alerts/index.ts";
import { selectorsOf } from "../metrics/promql.ts";
import { recordedMetrics, unknownIn } from "../metrics/recorded.ts";
import { dashboardFiles, dashboards, provisioningFiles, uidOf } from "./index.ts";

const facts: RuleFacts = { ...everything, grafanaUrl: "https://grafana.example.org" };
const all = dashboards(everything);
const panels = all.flatMap(({ part, rows }) =>
  rows.flatMap((row) => row.panels.map((panel) => [`${part}: ${panel.title}`, panel] as const)),
);
const scraped = recordedMetrics();
const recorded = new Set(
  ruleGroups(facts).flatMap(({ rules }) => rules.flatMap((rule) => ("record" in rule ? [rule.record] : []))),
);
const withoutVariables = (expr: string) => expr.replaceAll("$__rate_interval", "5m");

describe("dashboards", () => {
  it.each(panels)("%s: asks for metrics that are exposed, by labels that they have", (_, { queries }) => {
    for (const { expr } of queries) {
      for (const selector of selectorsOf(withoutVariables(expr))) {
        if (!recorded.has(selector.metric)) expect(unknownIn(selector, scraped)).toEqual([]);
      }
    }
  });

  it.each(panels)("%s: says what it means, and names its series", (_, { description, queries }) => {
    expect(description).toMatch(/^[A-Z0-9].{3,}\.$/);
    expect(queries.length).toBeGreaterThan(0);
    for (const { expr, legend } of queries) {
      const [, by = ""] = /^(?:\w+\(\d+, )?(?:sum|max|min|count|avg) by \(([^)]*)\)/.exec(expr) ?? [];
      const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label ?? "");
      if (by !== "") for (const label of shown) expect(by.split(", ")).toContain(label);
      expect(legend).not.toBe("");
    }
  });

  it("have titles that tell them and their panels apart", () => {
    expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
    for (const { rows } of all) {
      const titles = rows.flatMap((row) => row.panels.map(({ title }) => title));
      expect(new Set(titles).size).toBe(titles.length);
    }
  });

  it("are where the alerts lead to", () => {
    const parts = ruleGroups(facts).flatMap(({ rules }) => rules.filter(isAlert).map(({ labels }) => labels.component));
    for (const part of parts) expect(all.map((each) => each.part)).toContain(part);
  });

  it("become Grafana's JSON: of the data source that is chosen, with units, read-only", () => {
    for (const [file, json] of Object.entries(dashboardFiles(everything))) {
      expect(json.uid).toBe(uidOf(file.replace(".json", "") as (typeof all)[number]["part"]));
      expect(json.editable).toBe(false);
      expect(json.templating?.list?.map(({ name, type }) => [name, type])).toEqual([["datasource", "datasource"]]);
      const flat = JSON.parse(JSON.stringify(json.panels)).filter(({ type }: { type: string }) => type !== "row");
      expect(flat.length).toBeGreaterThan(5);
      for (const panel of flat) {
        expect(panel.fieldConfig.defaults.unit).toMatch(/\S/);
        expect(panel.datasource.uid).toBe(`$${"{datasource}"}`);
        expect(panel.targets.map(({ expr }: { expr: string }) => expr).every(Boolean)).toBe(true);
        expect(panel.gridPos.x + panel.gridPos.w).toBeLessThanOrEqual(24);
      }
    }
  });

  it("leave out what there is not", () => {
    const text = JSON.stringify(
      dashboards({ identity: false, keycloak: false, kafka: false, capture: false, bulk: false, servers: false }),
    );
    expect(text).not.toMatch(/keycloak|kafka|roost_array/i);
  });
});

describe("Grafana's provisioning", () => {
  const files = provisioningFiles({
    prometheusUrl: "https://prometheus.roost.svc:9090",
    caFile: "/authority/ca.crt",
    folder: "/dashboards",
    loki: { url: "https://loki.roost.svc:3100", certificateFile: "/reader/tls.crt", keyFile: "/reader/tls.key" },
  });

  it("shows Loki a certificate, and verifies its own", () => {
    const [source] = parse(files["datasources/loki.yaml"] ?? "").datasources;
    expect(source).toMatchObject({
      type: "loki",
      editable: false,
      jsonData: { tlsAuth: true, tlsAuthWithCACert: true },
    });
    expect(source.secureJsonData.tlsClientKey).toBe(`$${"__file{/reader/tls.key}"}`);
  });

  it("verifies Prometheus, and lets nobody change anything", () => {
    const [source] = parse(files["datasources/prometheus.yaml"] ?? "").datasources;
    expect(source).toMatchObject({ editable: false, jsonData: { tlsAuthWithCACert: true } });
    expect(source.jsonData.tlsSkipVerify).toBeUndefined();
    const [provider] = parse(files["dashboards/roost.yaml"] ?? "").providers;
    expect(provider).toMatchObject({ allowUiUpdates: false, options: { path: "/dashboards" } });
  });
});
