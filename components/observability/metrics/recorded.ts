/** Metrics that the environment's programs really expose, as they were recorded: one file a scrape job. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Selector } from "./promql.ts";

/** Labels of a metric, by its name. Without a value: nothing is known of its labels, it had no series yet. */
export type MetricNames = ReadonlyMap<string, ReadonlySet<string> | undefined>;

/** What Prometheus itself adds to every target, and what the scrape configuration gives to each series. */
const OF_EVERY_TARGET = ["up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_series_added"];
export const TARGET_LABELS = ["job", "instance", "namespace", "pod"];
/** Prometheus' own series of alerts. */
const OWN = ["ALERTS", "ALERTS_FOR_STATE"];

/** @returns for each job the metrics that it exposes, those of every target among them */
export function recordedMetrics(folder = import.meta.dirname): ReadonlyMap<string, MetricNames> {
  const files = readdirSync(folder).filter((file) => file.endsWith(".txt"));
  return new Map(
    files.map((file) => {
      const own = fromRecord(readFileSync(join(folder, file), "utf8"));
      const everywhere = OF_EVERY_TARGET.map((name) => [name, new Set<string>()] as const);
      return [file.replace(/\.txt$/, ""), new Map([...own, ...everywhere])];
    }),
  );
}

/**
 * What is wrong with a selector, where a metric or one of its labels was never seen; nothing where all is known.
 *
 * @param recorded what {@link recordedMetrics} gives
 */
export function unknownIn(
  { metric, labels, job }: Selector,
  recorded: ReadonlyMap<string, MetricNames>,
): readonly string[] {
  if (OF_EVERY_TARGET.includes(metric)) return labels.filter((label) => !TARGET_LABELS.includes(label));
  const metrics = job === undefined ? allMetrics(recorded) : recorded.get(job);
  if (metrics === undefined) return [`there is no job ${job}`];
  if (!metrics.has(metric)) return [`${job ?? "no job"} exposes no ${metric}`];
  const has = metrics.get(metric);
  const known = has && new Set([...has, ...TARGET_LABELS]);
  return known === undefined
    ? []
    : labels.filter((label) => !known.has(label)).map((label) => `${metric} has no ${label}`);
}

/** All metrics, whichever job they are of. */
export function allMetrics(recorded = recordedMetrics()): MetricNames {
  const all = new Map<string, Set<string> | undefined>(OWN.map((name) => [name, undefined]));
  for (const metrics of recorded.values()) {
    for (const [name, labels] of metrics) {
      const known = all.get(name);
      all.set(name, labels === undefined ? known : new Set([...(known ?? []), ...labels]));
    }
  }
  return all;
}

/** Reads a recorded file: a metric a line, with its labels after it, or `?` where they are not known. */
function fromRecord(text: string): MetricNames {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const [name = "", ...labels] = line.split(" ");
      return [name, labels.includes("?") ? undefined : new Set(labels)];
    }),
  );
}

/** Writes what {@link recordedMetrics} reads. @param origin where it was recorded, or read, in a line of words */
export function toRecord(metrics: MetricNames, origin: string): string {
  const line = ([name, labels]: readonly [string, ReadonlySet<string> | undefined]) =>
    [name, ...(labels === undefined ? ["?"] : [...labels].sort())].join(" ");
  return [`# ${origin}`, ...[...metrics].map(line).sort(), ""].join("\n");
}

/**
 * Names and labels in a scrape. What is announced by its type alone has no series yet.
 * @source https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function fromExposition(text: string): MetricNames {
  const found = new Map<string, Set<string> | undefined>();
  for (const line of text.split("\n")) {
    const [, announced = "", type = ""] = /^# TYPE (\S+) (\w+)/.exec(line) ?? [];
    for (const suffix of announced === "" ? [] : suffixesOf(type)) {
      if (!found.has(announced + suffix)) found.set(announced + suffix, undefined);
    }
    const [, name = "", labels = ""] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S/.exec(line) ?? [];
    if (name === "") continue;
    const names = [...labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)].map(([, label = ""]) => label);
    found.set(name, new Set([...(found.get(name) ?? []), ...names]));
  }
  return found;
}

function suffixesOf(type: string): readonly string[] {
  switch (type) {
    case "histogram":
      return ["_bucket", "_sum", "_count"];
    case "summary":
      return ["", "_sum", "_count"];
    default:
      return [""];
  }
}
