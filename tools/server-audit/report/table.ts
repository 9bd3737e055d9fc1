import { type Audit, outcomes } from "../audit.ts";
import type { Check } from "../check.ts";

const WIDEST = 64;

/** Audits for people: what differs and what could not be told, the worst first, then what to do. */
export function tableText(audits: readonly Audit[]): string {
  return `${audits.map(auditText).join("\n\n")}\n`;
}

const ORDER = ["critical", "warning", "note"] as const;

function auditText(audit: Audit): string {
  const differing = audit.checks.filter(({ outcome }) => outcome.kind === "differs");
  const rows = ORDER.flatMap((severity) => differing.filter((each) => each.severity === severity));
  const unknown = audit.checks.filter(({ outcome }) => outcome.kind === "unknown");
  return [
    headline(audit),
    ...(audit.problem === undefined ? [] : [`The machine did not answer to the end: ${audit.problem}`]),
    ...section(["", "severity", "what", "expected", "found", "setting"], rows.map(differenceRow)),
    ...section(["could not be told", "why"], reasons(unknown)),
    ...(rows.length === 0 ? [] : ["", "What to do:", ...remedies(rows)]),
  ].join("\n");
}

function headline(audit: Audit): string {
  const differ = outcomes(audit, "differs");
  const critical = differ.filter(({ severity }) => severity === "critical").length;
  const unknown = outcomes(audit, "unknown").length;
  const notes = audit.checks.filter(
    ({ outcome, severity }) => outcome.kind === "differs" && severity === "note",
  ).length;
  return [
    `${audit.server}: ${differ.length} of ${audit.checks.length} checks differ${critical === 0 ? "" : ` (${critical} critical)`}`,
    `${unknown} could not be told`,
    `${outcomes(audit, "same").length} are as described`,
    ...(notes === 0 ? [] : [`${notes} worth knowing`]),
  ].join(", ");
}

function differenceRow(check: Check, at: number): readonly string[] {
  const found = check.outcome.kind === "differs" ? check.outcome.found : "";
  return [`${at + 1}`, check.severity, check.subject, short(check.expected), short(found), check.setting];
}

/** Facts are asked once: all that depends on one is unknown for the same reason. */
function reasons(unknown: readonly Check[]): readonly (readonly string[])[] {
  const subjects = new Map<string, string[]>();
  for (const { outcome, subject } of unknown)
    if (outcome.kind === "unknown") subjects.set(outcome.why, [...(subjects.get(outcome.why) ?? []), subject]);
  return [...subjects].map(([why, each]) => [short(each.join(", ")), why]);
}

/** The same advice once, with the numbers of all that it is for. */
function remedies(rows: readonly Check[]): readonly string[] {
  const numbers = new Map<string, number[]>();
  rows.forEach(({ remedy }, at) => {
    numbers.set(remedy, [...(numbers.get(remedy) ?? []), at + 1]);
  });
  return [...numbers].map(([remedy, each]) => `  ${each.join(", ")}  ${remedy}`);
}

function short(text: string): string {
  return text.length <= WIDEST ? text : `${text.slice(0, WIDEST - 1)}…`;
}

function section(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return ["", line(head), ...rows.map(line)];
}
