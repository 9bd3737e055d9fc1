import type { Observed } from "./facts/index.ts";

/** "critical": data, access or secrecy is at stake now; "warning": it is not as described; "note": worth knowing, and no difference. */
export type Severity = "critical" | "warning" | "note";

export const areas = ["system", "storage", "network", "firewall", "access", "hardening", "updates"] as const;
export type Area = (typeof areas)[number];

/** Something that must be so on the machine. */
export interface Statement {
  readonly area: Area;
  /** Where the description says it, for example `roost:servers.machines.office.disks`. */
  readonly setting: string;
  /** What it is about, for example `array data`. */
  readonly subject: string;
  readonly expected: string;
  readonly severity: Severity;
  /** What a person does when it is not so. */
  readonly remedy: string;
}

export type Outcome =
  | { readonly kind: "same" }
  | { readonly kind: "differs"; readonly found: string }
  /** Nobody knows: never taken for "same". */
  | { readonly kind: "unknown"; readonly why: string };

/** A statement, and what became of it. */
export interface Check extends Statement {
  readonly outcome: Outcome;
}

/** Judges a statement by what is known. @param differs says what was found where it is not so, else undefined */
export function check<Value>(
  statement: Statement,
  known: Observed<Value>,
  differs: (value: Value) => string | undefined,
): Check {
  if (!known.known) return { ...statement, outcome: { kind: "unknown", why: known.why } };
  const found = differs(known.value);
  return { ...statement, outcome: found === undefined ? { kind: "same" } : { kind: "differs", found } };
}

/** What two sets do not have in common, in words; undefined where they are the same. */
export function setDifference(expected: readonly string[], found: readonly string[]): string | undefined {
  const missing = expected.filter((each) => !found.includes(each));
  const unexpected = found.filter((each) => !expected.includes(each));
  if (missing.length === 0 && unexpected.length === 0) return undefined;
  return [
    ...(missing.length === 0 ? [] : [`missing: ${missing.join(", ")}`]),
    ...(unexpected.length === 0 ? [] : [`unexpected: ${unexpected.join(", ")}`]),
  ].join("; ");
}

/** A list for people. */
export function listText(items: readonly string[], none = "none"): string {
  return items.length === 0 ? none : items.join(", ");
}
