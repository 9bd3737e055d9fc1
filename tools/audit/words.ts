/** How reports say things in words. */
import type { Audit, ControlOutcome, WaiverState } from "./schema.ts";

export const outcomeWords: Readonly<Record<ControlOutcome, string>> = {
  broken: "Broken",
  undecided: "Undecided",
  disabled: "Switched off",
  waived: "Waived",
  met: "Met",
  "not-applicable": "Not applicable",
  unanswered: "No rule answers it",
};

export const waiverWords: Readonly<Record<WaiverState, string>> = {
  used: "In use",
  expired: "Ended",
  idle: "Covers nothing",
  undecided: "Undecided",
};

/** `1 rule`, `2 rules` */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c` */
export function list(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** A resource as people call it: its kind and its name in the program. */
export function resourceWords(urn: string): { readonly kind: string; readonly name: string } {
  const [, , types = "", ...name] = urn.split("::");
  const type = types.slice(types.lastIndexOf("$") + 1);
  return { kind: type.slice(type.lastIndexOf(":") + 1), name: name.join("::") };
}

/** `Deployment web`, or the stack where there is no resource. */
export function subjectWords(urn: string | undefined): string {
  if (urn === undefined) return "the stack as a whole";
  const { kind, name } = resourceWords(urn);
  return `${kind} ${name}`;
}

/** What the state says of its secrets. */
export function secretsWords({ encrypted, shown }: Audit["state"]["secrets"]): string {
  const values = (number: number) => count(number, "secret value");
  if (encrypted === 0 && shown === 0) return "holds no secrets";
  if (encrypted === 0) return `exported with --show-secrets: ${values(shown)} in the clear`;
  if (shown === 0) return `${values(encrypted)}, encrypted`;
  return `${values(encrypted)} encrypted, ${shown} in the clear`;
}
