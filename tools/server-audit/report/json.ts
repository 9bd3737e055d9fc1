import { type Audit, exitCodeOf, outcomes } from "../audit.ts";

const VERDICTS = ["as described", "differs", "could not be told"] as const;

/** Audits for programs: every check with its outcome. @param now when it was looked */
export function jsonText(audits: readonly Audit[], now: Date): string {
  const servers = audits.map((audit) => ({
    server: audit.server,
    verdict: VERDICTS[exitCodeOf([audit])],
    problem: audit.problem ?? null,
    differ: outcomes(audit, "differs").length,
    unknown: outcomes(audit, "unknown").length,
    checks: audit.checks.map(({ outcome, ...statement }) => ({
      ...statement,
      outcome: outcome.kind,
      found: outcome.kind === "differs" ? outcome.found : null,
      why: outcome.kind === "unknown" ? outcome.why : null,
    })),
  }));
  return `${JSON.stringify({ time: now.toISOString(), verdict: VERDICTS[exitCodeOf(audits)], servers }, null, 2)}\n`;
}
