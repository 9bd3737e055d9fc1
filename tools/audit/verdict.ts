/** The judgement that stands first in every report. */
import type { Audit, AuditedRule, AuditedWaiver } from "./schema.ts";
import { count, list } from "./words.ts";

/** @param waivers those that have to hold */
export function verdictOf(rules: readonly AuditedRule[], waivers: readonly AuditedWaiver[]): Audit["verdict"] {
  const mandatory = rules.filter(({ enforcement }) => enforcement === "mandatory");
  const broken = mandatory.filter(({ outcome }) => outcome === "broken");
  const undecided = mandatory.filter(({ undecided: questions }) => questions.length > 0);
  const failing = waivers.filter(({ state }) => state === "expired" || state === "idle");
  const wrong = [
    ...(broken.length > 0 ? [`${count(broken.length, "mandatory rule is", "mandatory rules are")} broken`] : []),
    ...(failing.length > 0
      ? [`${count(failing.length, "waiver has ended or covers nothing", "waivers have ended or cover nothing")}`]
      : []),
  ];
  const open = `${count(undecided.length, "mandatory rule", "mandatory rules")} could not be decided`;
  if (wrong.length > 0) {
    return { outcome: "broken", sentence: `${list([...wrong, ...(undecided.length > 0 ? [open] : [])])}.` };
  }
  if (undecided.length > 0)
    return { outcome: "undecided", sentence: `Nothing mandatory is known to be broken, but ${open}.` };
  return { outcome: "met", sentence: `${metSentence(rules)}.` };
}

function metSentence(rules: readonly AuditedRule[]): string {
  const waived = rules.filter(({ outcome }) => outcome === "waived").length;
  const advisory = rules.filter(({ outcome }) => outcome === "broken").length;
  return [
    "Every mandatory rule is met",
    ...(waived > 0 ? [`${waived} of them with a waiver`] : []),
    ...(advisory > 0 ? [`${count(advisory, "advisory rule is", "advisory rules are")} not`] : []),
  ].join("; ");
}
