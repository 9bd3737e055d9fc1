import type { Collation } from "../pack/kubernetes.ts";
import { isKind, type Resource } from "../pack/resource.ts";
import { subjectRule } from "../pack/rule.ts";

/** Advisory: to sort as a language does may be worth the care that upgrades then need. */
export const stableCollation = subjectRule(collationOf, {
  id: "postgres-stable-collation",
  title: "Databases sort texts in a way that no upgrade of the image changes",
  why: "Indexes are sorted as the C library sorts, and another release of it sorts otherwise. After a new image rows are then not found, and unique values stand there twice.",
  fix: "Set `localeCollate` and `localeCType` to `C`, or take the locale provider `icu` or `builtin`.",
  severity: "low",
  enforcement: "advisory",
  controls: {},
  check({ locale, localeProvider = "libc", localeCollate = locale, localeCType = locale }, report) {
    if (localeProvider !== "libc") return;
    // Where nothing is said, the operator takes C.
    const moving = [localeCollate, localeCType].filter((name) => name !== undefined && !isStable(name));
    if (moving.length > 0) report(`texts are sorted as the C library does in "${moving[0]}"`);
  },
});

function collationOf(resource: Resource): Collation | undefined {
  if (isKind(resource, "Database")) return resource.props.spec ?? {};
  return isKind(resource, "Cluster") ? resource.props.spec?.bootstrap?.initdb : undefined;
}

function isStable(locale: string): boolean {
  return /^(?:C|POSIX|C\.utf-?8)$/i.test(locale);
}
