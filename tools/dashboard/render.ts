/** A dashboard as one page that needs nothing else: for those who have no Grafana. */
import * as echarts from "echarts";
import type { PrometheusApi, Series } from "../tune/prometheus.ts";
import { colourOf, type DashboardModel, legendOf, type PanelJson, secondsBack, textOf } from "./model.ts";

const COLUMN_PX = 50;
const ROW_PX = 38;
/** Points of a line. */
const POINTS = 240;
/** Windows of rates, as Grafana has it: four looks at a target. */
const RATE_INTERVAL = "1m";

/** Asks for all that the dashboard shows, and writes the page. @param caption where it is from */
export async function dashboardPage(model: DashboardModel, api: PrometheusApi, caption: string): Promise<string> {
  const seconds = secondsBack(model.time.from);
  const panels: string[] = [];
  for (const panel of model.panels) panels.push(await placed(panel, api, seconds));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(model.title)}</title><style>${STYLE}</style></head>
<body><h1>${escaped(model.title)}</h1><p>${escaped(model.description)}</p>
<main>${panels.join("\n")}</main><footer>${escaped(caption)}</footer></body></html>
`;
}

async function placed(panel: PanelJson, api: PrometheusApi, seconds: number): Promise<string> {
  const { x, y, w, h } = panel.gridPos;
  const area = `grid-area: ${y + 1} / ${x + 1} / span ${h} / span ${w}`;
  if (panel.type === "row") return `<h2 style="${area}">${escaped(panel.title)}</h2>`;
  const content = panel.type === "timeseries" ? await lines(panel, api, seconds) : await now(panel, api);
  return `<section style="${area}" title="${escaped(panel.description)}"><h3>${escaped(panel.title)}</h3>${content}</section>`;
}

const question = (expr: string) => expr.replaceAll("$__rate_interval", RATE_INTERVAL);

async function lines(panel: PanelJson, api: PrometheusApi, seconds: number): Promise<string> {
  const found: { readonly name: string; readonly points: Series["points"] }[] = [];
  for (const { expr, legendFormat } of panel.targets) {
    for (const { labels, points } of await api.range(question(expr), seconds, Math.ceil(seconds / POINTS)))
      found.push({ name: legendOf(legendFormat, labels), points });
  }
  if (found.length === 0) return NOTHING;
  const { min, max } = panel.fieldConfig?.defaults ?? {};
  const size = { width: panel.gridPos.w * COLUMN_PX - 24, height: panel.gridPos.h * ROW_PX - 44 };
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, ...size });
  chart.setOption({
    animation: false,
    grid: { left: 8, right: 12, top: 8, bottom: 30, containLabel: true },
    legend: { bottom: 0, icon: "roundRect", itemHeight: 6, textStyle: { fontSize: 11 } },
    xAxis: { type: "time", min: Date.now() - seconds * 1000, max: Date.now() },
    yAxis: {
      type: "value",
      ...(min !== undefined && { min }),
      ...(max !== undefined && { max }),
      axisLabel: { formatter: (value: number) => textOf(value, panel) },
    },
    series: found.map(({ name, points }) => ({
      ...{ name, type: "line", showSymbol: false, lineStyle: { width: 1.2 } },
      data: points.map(([at, value]) => [at * 1000, value]),
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** Figures, bars and tables: what is so at this moment. */
async function now(panel: PanelJson, api: PrometheusApi): Promise<string> {
  const found: { readonly name: string; readonly labels: readonly string[]; readonly value: number }[] = [];
  for (const { expr, legendFormat } of panel.targets) {
    for (const { labels, value } of await api.query(question(expr)))
      found.push({ name: legendOf(legendFormat, labels), labels: Object.values(labels), value });
  }
  if (found.length === 0) return NOTHING;
  const figure = (value: number) => `<b style="color: ${colourOf(value, panel)}">${escaped(textOf(value, panel))}</b>`;
  if (panel.type === "stat")
    return `<div class="stat">${found
      .map(
        ({ name, value }) => `<div>${figure(value)}${found.length > 1 ? `<small>${escaped(name)}</small>` : ""}</div>`,
      )
      .join("")}</div>`;
  const rows = found.map(({ name, labels, value }) => {
    const cells = panel.type === "table" ? labels : [name];
    return `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join("")}<td>${figure(value)}</td></tr>`;
  });
  return `<table>${rows.join("")}</table>`;
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}

const NOTHING = '<p class="nothing">nothing</p>';

const STYLE = `body { font: 14px sans-serif; margin: 16px; width: ${24 * COLUMN_PX}px; color: #1f2933; background: #f4f5f7 }
main { display: grid; grid-template-columns: repeat(24, ${COLUMN_PX}px); grid-auto-rows: ${ROW_PX}px }
h1 { font-size: 20px; margin: 0 } h2 { font-size: 15px; margin: 8px 4px 0 } h3 { font-size: 12px; font-weight: 600; margin: 0 0 4px }
section { margin: 4px; padding: 6px 8px; background: #fff; border: 1px solid #dde1e6; border-radius: 4px; overflow: hidden }
.stat { display: flex; justify-content: space-around; align-items: center; height: 75% } .stat b { font-size: 26px }
.stat small { display: block; text-align: center } .nothing { color: #7b8794; text-align: center }
table { width: 100%; border-collapse: collapse } td { padding: 2px 6px; border-top: 1px solid #eceff2 } footer { color: #7b8794; margin-top: 8px }`;
