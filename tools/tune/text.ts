import type { Advice } from "./advice.ts";

/** The report as people read it: what is too small first. */
export function tuneText(advice: readonly Advice[], days: number): string {
  const changes = advice.filter(({ verdict }) => verdict !== "fits").length;
  const summary =
    changes === 0
      ? "All fits."
      : `${changes} of ${advice.length} do not fit. Change the settings, read \`make plan\`, then \`make up\`.`;
  return [
    `The last ${days < 1 ? `${Math.round(days * 24 * 60)} minutes` : `${Math.round(days)} days`}, compared with the plan:`,
    "",
    ...advice.flatMap(lines),
    "",
    summary,
    ...(days < 5 ? ["Nothing is called too large before five days have been measured."] : []),
  ].join("\n");
}

function lines({ about, verdict, measured, planned, change }: Advice): readonly string[] {
  const first = `${verdict.padEnd(9)}  ${about}: ${measured}; planned are ${planned}`;
  if (change === undefined) return [first];
  return [first, `${" ".repeat(9)}  -> ${"todo" in change ? change.todo : `${change.setting}: ${change.value}`}`];
}
