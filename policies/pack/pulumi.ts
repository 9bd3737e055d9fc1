/** The rules as a Pulumi policy pack. */
import type {
  Policies,
  PolicyConfigSchema,
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
} from "@pulumi/policy";
import { z } from "zod";
import { type ConfiguredRule, configured, idleWaivers, judge, type Violation } from "./judge.ts";
import type { Resource } from "./resource.ts";
import type { ResourceRule, Rule, StackRule } from "./rule.ts";
import { today, type Waiver, waivedText, waiversSchema } from "./waivers.ts";

/** Ids of the two policies that are about waivers instead of resources. */
export const waiverPolicies = { used: "waivers-in-use", idle: "waivers-valid" } as const;

/** A policy for each rule; two more, at the end, show the waivers that counted and refuse those that did not. */
export function policiesOf(rules: readonly Rule[]): Policies {
  const session = new Session();
  const byRule = rules.map((rule) =>
    rule.about === "resource" ? resourcePolicy(rule, session) : stackPolicy(rule, session),
  );
  return [
    ...byRule,
    {
      name: waiverPolicies.used,
      description: "Waivers that are in use are shown.",
      enforcementLevel: "advisory",
      severity: "low",
      validateStack: (_args, report) => {
        for (const { text, urn } of session.waived.values()) report(text, urn);
      },
    },
    {
      name: waiverPolicies.idle,
      description: "No waiver has ended or covers nothing.",
      enforcementLevel: "mandatory",
      severity: "high",
      validateStack: (_args, report) => {
        for (const { message } of idleWaivers([...session.rules.values()], session.used, today())) report(message);
      },
    },
  ];
}

/** What is remembered from the judging of single resources until that of the whole stack. */
class Session {
  /** Rules as configured, by id. The configuration arrives with the first question. */
  readonly rules = new Map<string, ConfiguredRule>();
  readonly used = new Set<Waiver>();
  readonly waived = new Map<string, { readonly text: string; readonly urn: string | undefined }>();

  configured(rule: Rule, config: object): ConfiguredRule {
    const known = this.rules.get(rule.id) ?? configured(rule, config);
    this.rules.set(rule.id, known);
    return known;
  }

  /** Reports a violation, or keeps it for the end where it is waived. */
  settle({ rule }: ConfiguredRule, { message, resource, waiver }: Violation, report: ReportViolation): void {
    if (waiver === undefined) {
      report(`${message}. ${rule.fix}`, resource?.urn);
      return;
    }
    this.used.add(waiver);
    const text = waivedText(waiver, rule.id, message);
    this.waived.set(`${resource?.urn} ${text}`, { text, urn: resource?.urn });
  }
}

function resourcePolicy(rule: ResourceRule, session: Session): Policies[number] {
  return {
    ...descriptionOf(rule),
    validateResource: (args, report) => {
      const known = session.configured(rule, args.getConfig());
      const resource = resourceOf(args);
      // Asked of the rule as configured: what it applies to may be a setting.
      if (known.rule.about !== "resource" || !known.rule.appliesTo(resource)) args.notApplicable();
      judge(known, { resource }, today(), (violation) => session.settle(known, violation, report));
    },
  };
}

function stackPolicy(rule: StackRule, session: Session): Policies[number] {
  return {
    ...descriptionOf(rule),
    validateStack: (args, report) => {
      const known = session.configured(rule, args.getConfig());
      const stack = args.resources.map(resourceOf);
      if (known.rule.about !== "stack" || !known.rule.appliesTo(stack)) args.notApplicable();
      const stackUrn = stack.find(({ type }) => type === "pulumi:pulumi:Stack")?.urn ?? "";
      judge(known, { stack, stackUrn }, today(), (violation) => session.settle(known, violation, report));
    },
  };
}

/** Not `args` itself: its values that are not known throw when they are read, which spreading it would do. */
function resourceOf({ urn, type, name, props, opts }: ResourceValidationArgs | PolicyResource): Resource {
  return { urn, type, name, props, protect: opts.protect };
}

function descriptionOf(rule: Rule) {
  const answers = Object.entries(rule.controls).flatMap(([standard, ids]) => ids.map((id) => `${standard}:${id}`));
  return {
    name: rule.id,
    description: `${rule.title}.`,
    enforcementLevel: rule.enforcement ?? "mandatory",
    severity: rule.severity,
    remediationSteps: rule.fix,
    tags: answers,
    configSchema: configSchemaOf(rule),
  };
}

/** The rule's settings and its waivers, in the form in which the engine checks them. */
function configSchemaOf(rule: Rule): PolicyConfigSchema {
  const schema = z.strictObject({ waivers: waiversSchema, ...rule.settings?.shape });
  return { properties: JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: "input" }).properties)) };
}
