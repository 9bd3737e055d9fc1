/** Applies rules to resources: the same for the engine's policy pack and for the audit of an exported state. */
import type { EnforcementLevel } from "@pulumi/policy";
import { z } from "zod";
import type { Resource } from "./resource.ts";
import type { Rule } from "./rule.ts";
import { isExpired, type Waiver, waiverFor, waiversSchema } from "./waivers.ts";

/** A rule with the configuration that it runs with. */
export interface ConfiguredRule {
  readonly rule: Rule;
  readonly enforcement: EnforcementLevel;
  readonly waivers: readonly Waiver[];
}

/** How a rule is broken, and by what; `resource` is missing where it is the stack as a whole. */
export interface Violation {
  readonly message: string;
  readonly resource?: Resource;
  /** The exception that is made for it. */
  readonly waiver?: Waiver;
}

/** Enforcement levels as Pulumi's configuration of a policy pack has them. */
const levels = ["advisory", "mandatory", "remediate", "disabled"] as const;

/** Keys of a rule's configuration that are not settings of its own. */
const common = z.looseObject({ enforcementLevel: z.enum(levels).optional(), waivers: waiversSchema });

/**
 * The rule as its configuration has it: `{ enforcementLevel?, waivers?, …its own settings }`.
 *
 * @throws Error that names the rule and the setting
 */
export function configured(rule: Rule, given: object): ConfiguredRule {
  const parsed = common.safeParse(given);
  if (!parsed.success) throw invalid(rule, parsed.error);
  const { enforcementLevel, waivers, ...settings } = parsed.data;
  try {
    return {
      rule: rule.configure?.(settings) ?? withoutSettings(rule, settings),
      enforcement: enforcementLevel ?? rule.enforcement ?? "mandatory",
      waivers,
    };
  } catch (error) {
    throw error instanceof z.ZodError ? invalid(rule, error) : error;
  }
}

function withoutSettings(rule: Rule, given: object): Rule {
  z.strictObject({}).parse(given);
  return rule;
}

function invalid(rule: Rule, error: z.ZodError): Error {
  return new Error(`The policy pack's configuration of ${rule.id} cannot be used:\n${z.prettifyError(error)}`);
}

/** What a rule is asked about: one resource, or all of the stack, which has a URN of its own. */
export type Subject =
  | { readonly resource: Resource }
  | { readonly stack: readonly Resource[]; readonly stackUrn: string };

/**
 * Tells each way in which the rule is broken, as soon as it is found.
 *
 * @throws Error what stopped the check, such as a value that is not known yet; what was told before counts all the same
 */
export function judge({ rule, waivers }: ConfiguredRule, subject: Subject, today: string, tell: Tell): void {
  const found = (message: string, urn: string, resource?: Resource) => {
    const waiver = waiverFor(waivers, urn, today);
    tell({ message, ...(resource && { resource }), ...(waiver && { waiver }) });
  };
  if (rule.about === "resource" && "resource" in subject) {
    const { resource } = subject;
    rule.check(resource, (message) => found(message, resource.urn, resource));
  } else if (rule.about === "stack" && "stack" in subject) {
    const { stack, stackUrn } = subject;
    rule.check(stack, (message, resource) => found(message, resource?.urn ?? stackUrn, resource));
  }
}

type Tell = (violation: Violation) => void;

/** What is wrong with waivers: those whose time is over, and those that nothing needed. `used` are those that counted. */
export function idleWaivers(
  rules: readonly ConfiguredRule[],
  used: ReadonlySet<Waiver>,
  today: string,
): readonly { readonly rule: Rule; readonly waiver: Waiver; readonly message: string }[] {
  return rules.flatMap(({ rule, waivers }) =>
    waivers
      .filter((waiver) => !used.has(waiver))
      .map((waiver) => {
        const why = isExpired(waiver, today)
          ? `ended on ${waiver.expires}: mend what it covers, or have ${waiver.owner} give it a new date`
          : "covers nothing that breaks the rule: remove it, or correct its resource";
        return { rule, waiver, message: `the waiver of ${rule.id} for ${waiver.resource} ${why}` };
      }),
  );
}
