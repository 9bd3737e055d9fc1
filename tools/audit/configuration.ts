/** The policy pack's configuration file, read as the engine reads it. */
import { z } from "zod";
import { type ConfiguredRule, configured } from "../../policies/pack/judge.ts";
import { waiverPolicies } from "../../policies/pack/pulumi.ts";
import type { Rule } from "../../policies/pack/rule.ts";

export interface Configuration {
  readonly rules: readonly ConfiguredRule[];
  /** What each rule was given beside its level and its waivers, by the rule's id. */
  readonly settings: ReadonlyMap<string, object>;
  /** Whether a waiver that has ended, or covers nothing, breaks the audit. */
  readonly waiversMustHold: boolean;
}

const level = z.enum(["advisory", "mandatory", "remediate", "disabled"]);

const policySchema = z.looseObject({ enforcementLevel: level.optional() });

/** By rule: a level, or an object. `all` sets the level of every rule that has none of its own. */
const fileSchema = z.record(
  z.string(),
  z.union([level.transform((enforcementLevel) => ({ enforcementLevel })), policySchema], {
    error: "must be advisory, mandatory, remediate, disabled, or an object",
  }),
);

type Given = z.output<typeof policySchema>;

/** @throws Error that names the rule and the setting */
export function parseConfiguration(text: string, rules: readonly Rule[]): Configuration {
  const given = parsedFile(text);
  const known = new Set<string>([...rules.map(({ id }) => id), ...Object.values(waiverPolicies), "all"]);
  const unknown = [...given.keys()].filter((id) => !known.has(id));
  // The engine passes over such a name; in an audit it would hide that a waiver or a setting has no effect.
  if (unknown.length > 0)
    throw new Error(`there is no rule called ${unknown.join(", ")}; docs/policies.md has them all`);
  const levelOfAll = given.get("all")?.enforcementLevel;
  const own = (id: string): Given => ({ ...(levelOfAll && { enforcementLevel: levelOfAll }), ...given.get(id) });
  const levelOfWaivers = own(waiverPolicies.idle).enforcementLevel;
  return {
    rules: rules.map((rule) => configured(rule, own(rule.id))),
    settings: new Map(rules.map(({ id }) => [id, settingsOf(given.get(id) ?? {})])),
    waiversMustHold: levelOfWaivers !== "advisory" && levelOfWaivers !== "disabled",
  };
}

function parsedFile(text: string): ReadonlyMap<string, Given> {
  // The engine, too, takes an empty file for one that says nothing.
  if (text.trim() === "") return new Map();
  const parsed = fileSchema.safeParse(parsedJson(text));
  if (parsed.success) return new Map(Object.entries(parsed.data));
  const [issue] = parsed.error.issues;
  throw new Error(`${issue?.path.join(".") || "it"}: ${issue?.message}`);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("it is not JSON");
  }
}

function settingsOf({ enforcementLevel: _level, waivers: _waivers, ...settings }: Given): object {
  return settings;
}
