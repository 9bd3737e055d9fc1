import { type SlapdDirective, slapdOf } from "../pack/configuration/slapd.ts";
import { type About, type Report, type ResourceRule, subjectRule } from "../pack/rule.ts";

/** A rule about every configuration of OpenLDAP; its messages begin with the file's name. */
export function slapdRule({
  check,
  ...about
}: About & { check(directives: readonly SlapdDirective[], report: Report): void }): ResourceRule {
  return subjectRule(slapdOf, {
    ...about,
    check(files, report) {
      for (const { name, directives } of files) check(directives, (message) => report(`${name} ${message}`));
    },
  });
}
