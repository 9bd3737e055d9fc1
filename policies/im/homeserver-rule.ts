import { type Homeserver, homeserverOf } from "../pack/configuration/homeserver.ts";
import { type About, type Report, type ResourceRule, subjectRule } from "../pack/rule.ts";

/** A rule about the configuration that says which homeserver Synapse is. */
export function homeserverRule(rule: About & { check(settings: Homeserver, report: Report): void }): ResourceRule {
  return subjectRule(homeserverOf, rule);
}

/** How messages tell a setting's value: nothing that is long, and never what could be a secret. */
export function told(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value) && value.length > 0) return "a list that is not empty";
  return typeof value === "string" ? `"${value.slice(0, 40)}"` : JSON.stringify(value).slice(0, 40);
}
