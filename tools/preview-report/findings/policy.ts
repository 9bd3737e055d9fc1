/** What policies say: violations, what they cannot decide yet, exceptions, and what they mended. */
import type { Violation } from "../preview.ts";
import { code, Prose, say } from "../prose.ts";
import type { Finding, Level, Rule, Situation } from "./finding.ts";

export const policy: Rule = (situation) => [
  ...situation.preview.violations.map((violation) => finding(violation, situation)),
  ...situation.preview.remediations.map(
    ({ policy, urn }): Finding => ({
      category: "policy",
      level: "note",
      ...about(urn, situation),
      text: say`is mended by ${policy} before it is made`,
    }),
  ),
];

/** How a policy's word on a resource counts. */
export type Standing = "broken" | "advice" | "undecided" | "waived";

/**
 * Waivers are advice that begins so: see `policies/`. What the SDK cannot decide, because a value is not known yet, it
 * says so too; the update decides. Source: `@pulumi/policy` 1.21, `server.ts`.
 */
export function standingOf({ isMandatory, message }: Violation): Standing {
  if (/^Waived until /.test(message)) return "waived";
  if (/^can't run policy /.test(message)) return "undecided";
  return isMandatory ? "broken" : "advice";
}

function finding(violation: Violation, situation: Situation): Finding {
  const standing = standingOf(violation);
  const { resource } = about(violation.urn, situation);
  const isChanged = situation.changes.some(({ resource: { urn } }) => urn === violation.urn);
  const level: Record<Standing, Level> = {
    broken: "danger",
    advice: isChanged ? "review" : "note",
    undecided: "review",
    waived: "note",
  };
  const severity = violation.severity === "" ? "" : ` (${code(violation.severity)})`;
  const how: Record<Standing, Prose> = {
    broken: say`breaks ${violation.policy}${new Prose(severity)}`,
    advice: say`is advised against by ${violation.policy}${new Prose(severity)}`,
    undecided: say`cannot be judged by ${violation.policy} yet, and is decided at ${"up"}`,
    waived: say`is excepted from ${violation.policy}`,
  };
  const text = say`${how[standing]}: ${new Prose(code(violation.message, 600))}`;
  return { category: "policy", level: level[standing], ...(resource && { resource }), text };
}

function about(urn: string, { preview }: Situation): Pick<Finding, "resource"> {
  const resource = preview.resources.find((each) => each.urn === urn);
  return resource === undefined ? {} : { resource };
}
