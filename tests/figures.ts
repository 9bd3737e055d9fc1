/** What was measured, by name: benchmarks and end-to-end tests write it, so that versions can be compared. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

export type FigureFile = "e2e" | "servers" | "bench";

export interface Figure {
  readonly value: number;
  readonly unit: "s" | "ms" | "MiB" | "count" | "ratio" | "1/s";
  /** Samples that the value was taken from. */
  readonly n: number;
  /** How it was measured, where the name does not tell. */
  readonly note?: string;
}

/** Forgets the figures of the run before. */
export function clearFigures(file: FigureFile): void {
  rmSync(pathOf(file), { force: true });
}

/** Adds one figure to `build/<file>.json`. */
export function recordFigure(file: FigureFile, name: string, figure: Figure): void {
  const path = pathOf(file);
  mkdirSync(dirname(path), { recursive: true });
  const figures = { ...readFigures(file), [name]: { ...figure, value: Number(figure.value.toPrecision(4)) } };
  writeFileSync(path, `${JSON.stringify(figures, null, 2)}\n`);
}

export function readFigures(file: FigureFile): Record<string, Figure> {
  const path = pathOf(file);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
}

/** The figures as people read them. */
export function figuresTable(figures: Readonly<Record<string, Figure>>): string {
  const rows = Object.entries(figures).map(([name, { value, unit, n, note }]) => [
    name,
    `${value}`,
    unit,
    `${n}`,
    note ?? "",
  ]);
  return table(["figure", "value", "unit", "n", "note"], rows);
}

/** Columns as wide as their longest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  if (high === undefined) throw new Error("median: there are no values");
  return sorted.length % 2 === 0 && low !== undefined ? (low + high) / 2 : high;
}

export interface Trials {
  /** What a sample has to stay below. */
  readonly limit: number;
  /** How often it is measured at most. */
  readonly attempts: number;
}

/**
 * Measures until a sample stays below the limit, and gives all samples. Whatever else a shared machine does can only make
 * a sample longer, so that one within the limit shows what the system can do; a system that is too slow has none.
 */
export async function samplesUntil({ limit, attempts }: Trials, measure: () => Promise<number>): Promise<number[]> {
  const samples: number[] = [];
  do samples.push(await measure());
  while (samples.length < attempts && Math.min(...samples) >= limit);
  return samples;
}

/** The best of the samples in seconds; the note has them all. */
export function bestOf(samples: readonly number[], note: string): Figure {
  const [all, middle, worst] = [samples, [median(samples)], [Math.max(...samples)]].map((values) =>
    values.map((value) => Number(value.toPrecision(3))).join(", "),
  );
  const spread = `samples: ${all}; median ${middle}, max ${worst}`;
  return { value: Math.min(...samples), unit: "s", n: samples.length, note: `${note}; ${spread}` };
}

/** By how much `y` grows for each step of `x`: the least squares through all points. */
export function slope(points: readonly { readonly x: number; readonly y: number }[]): number {
  const mean = (pick: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const covariance = points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0);
  return covariance / points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
}

function pathOf(file: FigureFile): string {
  return resolve("build", `${file}.json`);
}
