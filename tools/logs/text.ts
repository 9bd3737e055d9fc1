import type { Line } from "./loki.ts";

/** Lines as people read them: when, how bad, from where, about whom, in which request. */
export function logsText(lines: readonly Line[]): string {
  return lines.map(lineText).join("\n");
}

function lineText({ atNs, text, labels }: Line): string {
  const { level = "info", pod = "", container = "", user, request } = labels;
  const place = pod.startsWith(container) ? pod : `${pod}/${container}`;
  const about = [user, request].flatMap((each) => each ?? []).map((each) => `[${each}]`);
  return [timeOf(atNs), level.toUpperCase().padEnd(5), place, ...about, text].join(" ");
}

export function timeOf(atNs: bigint): string {
  return new Date(Number(atNs / 1_000_000n)).toISOString();
}
