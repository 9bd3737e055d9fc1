/** Grafana's JSON of dashboards that are data. */

import { PanelBuilder as BarGauge } from "@grafana/grafana-foundation-sdk/bargauge";
import type * as cog from "@grafana/grafana-foundation-sdk/cog";
import * as common from "@grafana/grafana-foundation-sdk/common";
import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as Stat } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as Table } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as Timeseries } from "@grafana/grafana-foundation-sdk/timeseries";
import { type Dashboard, type Limits, type Panel, type Query, uidOf } from "./panel.ts";

/** Whoever imports a dashboard chooses the data source. */
const DATASOURCE = { type: "prometheus", uid: `$${"{datasource}"}` };
const HEIGHT = { lines: 8, table: 8, figure: 4, bars: 6 } as const;
const WIDTH = { lines: 12, table: 12, figure: 6, bars: 6 } as const;
const REFRESH = "30s";

export type DashboardJson = dashboard.Dashboard;

export function buildDashboard({ part, title, description, rows, from = "now-6h" }: Dashboard): DashboardJson {
  const builder = new dashboard.DashboardBuilder(title)
    .uid(uidOf(part))
    .description(description)
    .tags(["roost"])
    .readonly()
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .time({ from, to: "now" })
    .refresh(REFRESH)
    .timezone("browser")
    .withVariable(new dashboard.DatasourceVariableBuilder("datasource").label("Data source").type("prometheus"))
    .link(
      new dashboard.DashboardLinkBuilder("Roost")
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags(["roost"])
        .asDropdown(true)
        .keepTime(true),
    );
  for (const { title: name, panels } of rows) {
    builder.withRow(new dashboard.RowBuilder(name));
    for (const panel of panels) builder.withPanel(panelOf(panel));
  }
  return builder.build();
}

/** What the builders of all kinds of panels have in common. */
interface AnyBuilder extends cog.Builder<dashboard.Panel> {
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: typeof DATASOURCE): this;
  unit(unit: string): this;
  height(height: number): this;
  span(width: number): this;
  min(min: number): this;
  max(max: number): this;
  thresholds(thresholds: cog.Builder<dashboard.ThresholdsConfig>): this;
  mappings(mappings: dashboard.ValueMapping[]): this;
  withTarget(target: DataqueryBuilder): this;
}

function panelOf(panel: Panel): cog.Builder<dashboard.Panel> {
  const { kind = "lines", title, description, unit, queries, limits, words, range = {}, width } = panel;
  const builder: AnyBuilder = builderOf(kind);
  builder
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .unit(unit === "cores" ? "suffix: cores" : unit)
    .height(HEIGHT[kind])
    .span(width ?? WIDTH[kind]);
  if (range.min !== undefined) builder.min(range.min);
  if (range.max !== undefined) builder.max(range.max);
  if (limits !== undefined) builder.thresholds(thresholdsOf(limits));
  if (words !== undefined) builder.mappings([mappingOf(words)]);
  for (const [at, each] of queries.entries()) builder.withTarget(target(each, at, kind !== "lines"));
  return builder;
}

function builderOf(kind: NonNullable<Panel["kind"]>): AnyBuilder {
  switch (kind) {
    case "lines":
      return new Timeseries()
        .lineWidth(1)
        .fillOpacity(5)
        .showPoints(common.VisibilityMode.Never)
        .legend(new common.VizLegendOptionsBuilder().displayMode(common.LegendDisplayMode.List).showLegend(true));
    case "figure":
      return new Stat().graphMode(common.BigValueGraphMode.None).colorMode(common.BigValueColorMode.Value);
    case "bars":
      return new BarGauge().orientation(common.VizOrientation.Horizontal).displayMode(common.BarGaugeDisplayMode.Basic);
    case "table":
      return new Table();
  }
}

function target({ expr, legend }: Query, at: number, now: boolean): DataqueryBuilder {
  const builder = new DataqueryBuilder()
    .expr(expr)
    .legendFormat(legend)
    .refId(String.fromCharCode(65 + at))
    .datasource(DATASOURCE);
  return now ? builder.instant() : builder.range();
}

function thresholdsOf({ bad, warn, alarm }: Limits): cog.Builder<dashboard.ThresholdsConfig> {
  const above = [
    { value: null, color: "green" },
    { value: warn, color: "yellow" },
    { value: alarm, color: "red" },
  ];
  const below = [
    { value: null, color: "red" },
    { value: alarm, color: "yellow" },
    { value: warn, color: "green" },
  ];
  return new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps(bad === "above" ? above : below);
}

function mappingOf(words: Readonly<Record<string, string>>): dashboard.ValueMapping {
  const options = Object.fromEntries(Object.entries(words).map(([value, text]) => [value, { text }]));
  return { type: dashboard.MappingType.ValueToText, options };
}
