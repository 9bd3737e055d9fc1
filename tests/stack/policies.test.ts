/** The shipped stacks as the rules see them, without an engine: what a preview would refuse is found here in seconds. */
import { describe, expect, it, jest } from "@jest/globals";
import { configured, judge, type Subject } from "../../policies/pack/judge.ts";
import type { Resource } from "../../policies/pack/resource.ts";
import { today } from "../../policies/pack/waivers.ts";
import { rules } from "../../policies/rules.ts";
import { shippedConfiguration } from "../policies/configuration.ts";
import { exampleSettings } from "./example.ts";
import { type Registered, runStack } from "./stack.ts";

jest.setTimeout(120_000);

describe("the policies", () => {
  it.each(["dev", "prod"])("are met by the shipped stack %s", async (name) => {
    const { registered } = await runStack(name);
    expect(brokenIn(registered.map(asResource), shippedConfiguration(name))).toEqual([]);
  });

  it("are met by the stack on machines of its own that the documentation describes", async () => {
    const { registered } = await runStack("prod", exampleSettings("servers.md", "1. Describe the machines"));
    expect(brokenIn(registered.map(asResource), shippedConfiguration("prod"))).toEqual([]);
  });
});

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
