/** As much of Grafana's JSON of a dashboard as is drawn. */
import { z } from "zod";

const thresholds = z.object({ steps: z.array(z.object({ value: z.number().nullable(), color: z.string() })) });
const mapping = z.object({ options: z.record(z.string(), z.object({ text: z.string().optional() })) });

const panel = z.object({
  type: z.string(),
  title: z.string().default(""),
  description: z.string().default(""),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  targets: z.array(z.object({ expr: z.string(), legendFormat: z.string().default("") })).default([]),
  fieldConfig: z
    .object({
      defaults: z.object({
        unit: z.string().default("none"),
        min: z.number().optional(),
        max: z.number().optional(),
        thresholds: thresholds.optional(),
        mappings: z.array(mapping).default([]),
      }),
    })
    .optional(),
});

export const dashboardJson = z.object({
  title: z.string(),
  description: z.string().default(""),
  time: z.object({ from: z.string() }),
  panels: z.array(panel),
});

export type PanelJson = z.infer<typeof panel>;
export type DashboardModel = z.infer<typeof dashboardJson>;

/** Seconds that a dashboard looks back: `now-6h`. */
export function secondsBack(from: string): number {
  const [, count = "6", unit = "h"] = /^now-(\d+)([mhd])$/.exec(from) ?? [];
  return Number(count) * { m: 60, h: 3600, d: 86_400 }[unit as "m" | "h" | "d"];
}

/** What a series is called: labels stand in double braces. */
export function legendOf(format: string, labels: Readonly<Record<string, string>>): string {
  return format.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? "");
}

/** Colour of a value by the panel's thresholds. */
export function colourOf(value: number, { fieldConfig }: PanelJson): string {
  const steps = fieldConfig?.defaults.thresholds?.steps ?? [];
  const passed = steps.filter(({ value: from }) => from === null || value >= from);
  return COLOURS[passed.at(-1)?.color ?? "text"] ?? COLOURS.text;
}

const COLOURS: Readonly<Record<string, string>> & { readonly text: string } = {
  green: "#2e7d32",
  yellow: "#b26a00",
  red: "#c62828",
  text: "#1f2933",
};

/** The value as people read it, in the panel's unit. */
export function textOf(value: number, { fieldConfig }: PanelJson): string {
  const { unit = "none", mappings = [] } = fieldConfig?.defaults ?? {};
  const word = mappings.map(({ options }) => options[`${value}`]?.text).find(Boolean);
  if (word !== undefined) return word;
  if (!Number.isFinite(value)) return "–";
  switch (unit) {
    case "percentunit":
      return `${short(value * 100)} %`;
    case "s":
      return duration(value);
    case "bytes":
      return scaled(value, 1024, ["B", "KiB", "MiB", "GiB", "TiB"]);
    case "Bps":
      return `${scaled(value, 1024, ["B", "KiB", "MiB", "GiB"])}/s`;
    case "reqps":
    case "ops":
      return `${short(value)}/s`;
    case "dateTimeFromNow":
      return `${duration(Math.abs(value / 1000 - Date.now() / 1000))} ${value > Date.now() ? "from now" : "ago"}`;
    case "suffix: cores":
      return `${short(value)} cores`;
    case "short":
      return scaled(value, 1000, ["", "k", "M", "G"]);
    default:
      return short(value);
  }
}

function short(value: number): string {
  return `${Number(value.toPrecision(value >= 99 && value <= 100 ? 5 : 3))}`;
}

function scaled(value: number, base: number, units: readonly string[]): string {
  const power = Math.min(Math.max(Math.floor(Math.log(Math.abs(value) || 1) / Math.log(base)), 0), units.length - 1);
  return `${short(value / base ** power)} ${units[power] ?? ""}`.trim();
}

function duration(seconds: number): string {
  if (seconds < 1) return `${short(seconds * 1000)} ms`;
  if (seconds < 120) return `${short(seconds)} s`;
  if (seconds < 7200) return `${short(seconds / 60)} min`;
  return seconds < 172_800 ? `${short(seconds / 3600)} h` : `${short(seconds / 86_400)} d`;
}
