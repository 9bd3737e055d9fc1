/** The judgement that stands in a report's first line. */
import type { Accepted } from "./accept.ts";
import { standingOf } from "./findings/index.ts";
import type { Preview } from "./preview.ts";

/**
 * - `blocked`: the update would not run: the preview failed or broke off, or a mandatory policy is broken.
 * - `dangerous`: something is lost, stops or opens, and nobody has accepted it by name.
 * - `review`: somebody should look at it.
 * - `safe`: neither.
 */
export type Verdict = "safe" | "review" | "dangerous" | "blocked";

export function verdictOf(preview: Preview, findings: readonly Accepted[]): Verdict {
  if (isBlocked(preview)) return "blocked";
  const open = findings.filter(({ acceptedBy }) => acceptedBy === undefined);
  if (open.some(({ level }) => level === "danger")) return "dangerous";
  return findings.some(({ level }) => level !== "note") ? "review" : "safe";
}

function isBlocked({ isFinished, messages, violations }: Preview): boolean {
  return (
    !isFinished ||
    messages.some(({ severity }) => severity === "error") ||
    violations.some((each) => standingOf(each) === "broken")
  );
}
