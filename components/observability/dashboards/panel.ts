/** Dashboards as data: what is asked, and how it is shown. `build.ts` makes Grafana's JSON of it. */
import type { Part } from "../alerts/rule.ts";

/** Units as Grafana calls them. @source https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts */
export type Unit =
  | "short"
  | "none"
  | "percentunit"
  | "s"
  | "dateTimeFromNow"
  | "bytes"
  | "Bps"
  | "reqps"
  | "ops"
  | "cores"
  | "bool";

export interface Query {
  /** PromQL; `$__rate_interval` is Grafana's. */
  readonly expr: string;
  /** What a series is called: words, and labels as `{{pod}}`. */
  readonly legend: string;
}

/** From which value on something is yellow, and red. In the panel's unit; `above` or `below` says which side is bad. */
export interface Limits {
  readonly bad: "above" | "below";
  readonly warn: number;
  readonly alarm: number;
}

export interface Panel {
  readonly title: string;
  /** What it means, and what is normal. */
  readonly description: string;
  /** Lines over time; one figure, now; a bar for each series; a row for each series. @default "lines" */
  readonly kind?: "lines" | "figure" | "bars" | "table";
  readonly unit: Unit;
  readonly queries: readonly Query[];
  readonly limits?: Limits;
  /** Words for values: 0 and 1 of what is there or not. @default values as they are */
  readonly words?: Readonly<Record<string, string>>;
  /** Least and greatest value that is drawn. @default as the values are */
  readonly range?: { readonly min?: number; readonly max?: number };
  /** Columns of 24. @default 12 for lines and tables, 6 for figures and bars */
  readonly width?: number;
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface Dashboard {
  readonly part: Part;
  readonly title: string;
  /** Which question it answers. */
  readonly description: string;
  readonly rows: readonly Row[];
  /** How far back it looks at first. @default "now-6h" */
  readonly from?: string;
}

/** The identifier that links of alerts lead to. */
export function uidOf(part: Part): string {
  return `roost-${part}`;
}

/** p50, p95 and p99 of a histogram. @param selector name and labels of its buckets */
export function quantiles(selector: string): readonly Query[] {
  return [0.5, 0.95, 0.99].map((share) => ({
    expr: `histogram_quantile(${share}, sum by (le) (rate(${selector}[$__rate_interval])))`,
    legend: `p${share * 100}`,
  }));
}

export function query(expr: string, legend: string): Query {
  return { expr, legend };
}
