/** What policies say: violations, what they cannot decide yet, exceptions, and what they mended. */
import type { Violation } from "../preview.ts";
import { code, nothing, Prose, say } from "../prose.ts";
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
  if (isMandatory) return "broken";
  if (WAIVED.test(saidIn(message).what)) return "waived";
  return /^can't run policy /.test(message) ? "undecided" : "advice";
}

/** As `policies/pack/waivers.ts` words it. */
const WAIVED =
  /^Waived until (?<expires>\S+) \((?<owner>[^)]*)\): (?<reason>.*) \[(?<rule>[a-z][a-z0-9-]*): (?<what>.*)\]$/s;

/** The SDK puts a policy's description before what is wrong, on a line of its own. */
function saidIn(message: string): { readonly rule: string; readonly what: string } {
  const [rule = "", ...rest] = message.split("\n");
  return rest.length === 0 ? { rule: "", what: message } : { rule, what: rest.join("\n") };
}

const levels: Readonly<Record<Standing, Level>> = {
  broken: "danger",
  advice: "review",
  undecided: "review",
  waived: "note",
};

function finding(violation: Violation, situation: Situation): Finding {
  const standing = standingOf(violation);
  const { resource } = about(violation.urn, situation);
  const isChanged = situation.changes.some(({ resource: { urn } }) => urn === violation.urn);
  const level = standing === "advice" && !isChanged ? "note" : levels[standing];
  return { category: "policy", level, ...(resource && { resource }), text: textOf(violation, standing) };
}

function textOf({ policy: name, message, severity }: Violation, standing: Standing): Prose {
  const { rule, what } = saidIn(message);
  const how = severity === "" ? nothing : say` (${severity})`;
  const said = rule === "" ? long(what) : say`${long(what)}; the rule is: ${long(rule)}`;
  if (standing === "broken") return say`breaks ${name}${how}: ${said}`;
  if (standing === "advice") return say`is advised against by ${name}${how}: ${said}`;
  if (standing === "undecided") return say`cannot be judged by ${name} yet, and is decided at ${"up"}: ${said}`;
  const waiver = WAIVED.exec(what)?.groups ?? {};
  const { expires = "", owner = "", reason = "", rule: waived = "", what: why = "" } = waiver;
  return say`is excepted from ${waived} until ${expires} by ${owner}: ${long(reason)}; it is broken: ${long(why)}`;
}

function long(text: string): Prose {
  return new Prose(code(text, 600));
}

function about(urn: string, { preview }: Situation): Pick<Finding, "resource"> {
  const resource = preview.resources.find((each) => each.urn === urn);
  return resource === undefined ? {} : { resource };
}
