import { configured, judge, type Subject } from "../../policies/pack/judge.ts";
import type { Resource } from "../../policies/pack/resource.ts";
import { today } from "../../policies/pack/waivers.ts";
import { rules } from "../../policies/rules.ts";
import type { Registered, Stack } from "./stack.ts";

/** What the policies say against a stack, with the settings of rules and waivers that are shipped for it. */
export function brokenPolicies({ registered }: Stack, configuration: Readonly<Record<string, object>>): string[] {
  return brokenIn(registered.map(asResource), configuration);
}

/** Every rule that applies, and what it says. */
function brokenIn(resources: readonly Resource[], configuration: Readonly<Record<string, object>>): string[] {
  return rules.flatMap((rule) => {
    const known = configured(rule, configuration[rule.id] ?? {});
    if (known.enforcement !== "mandatory") return [];
    const subjects: readonly Subject[] =
      known.rule.about === "stack"
        ? known.rule.appliesTo(resources)
          ? [{ stack: resources, stackUrn: "" }]
          : []
        : resources
            .filter((resource) => known.rule.about === "resource" && known.rule.appliesTo(resource))
            .map((resource) => ({ resource }));
    const broken: string[] = [];
    for (const subject of subjects) {
      judge(known, subject, today(), ({ message, resource, waiver }) => {
        if (waiver === undefined) broken.push(`${rule.id}: ${resource?.name ?? "the stack"}: ${message}`);
      });
    }
    return broken;
  });
}

function asResource({ type, name, inputs, protect }: Registered): Resource {
  const props: object = typeof inputs === "object" && inputs !== null ? inputs : {};
  return { urn: `urn:pulumi:stack::roost::${type}::${name}`, type, name, props, protect };
}
