import { describe, expect, it } from "@jest/globals";
import type { Policies, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { policiesOf } from "./pulumi.ts";
import type { Resource } from "./resource.ts";
import { containerRule, type Rule, stackRule } from "./rule.ts";
import { deployment, object } from "./testing.ts";

const about = { title: "None", why: "One. Two.", fix: "Mend it.", severity: "low", controls: {} } as const;
const containers = containerRule({ ...about, id: "workloads-none", check: (_container, report) => report("is there") });
const whole = stackRule({
  ...about,
  id: "network-none",
  appliesTo: (stack) => stack.length > 1,
  check: (stack, report) => report(`has ${stack.length}`, stack[1]),
});
const stack: Resource[] = [deployment({ containers: [{ name: "web" }] }), object("ConfigMap", {})];

class NotApplicable extends Error {}

/** Runs the policies as the engine does: each resource, then the stack. */
function run(rules: readonly Rule[], configuration: Readonly<Record<string, object>> = {}) {
  const found: { readonly policy: string; readonly message: string; readonly urn: string | undefined }[] = [];
  const policies: Policies = policiesOf(rules);
  const common = (name: string) => ({
    stackTags: new Map(),
    getConfig: <T extends object>(): T => JSON.parse(JSON.stringify(configuration[name] ?? {})),
    notApplicable: (): never => {
      throw new NotApplicable();
    },
  });
  const asked = (resource: Resource) => ({
    ...resource,
    props: { ...resource.props },
    opts: { protect: false, ignoreChanges: [], aliases: [], additionalSecretOutputs: [], customTimeouts: timeouts },
    isType: () => false,
    asType: () => undefined,
  });
  const settle = (name: string, validate: (report: (message: string, urn?: string) => void) => unknown) => {
    try {
      validate((message, urn) => found.push({ policy: name, message, urn }));
    } catch (error) {
      if (!(error instanceof NotApplicable)) throw error;
    }
  };
  for (const policy of policies.filter(isResourcePolicy)) {
    const [validate] = [policy.validateResource].flat();
    for (const resource of stack) {
      settle(policy.name, (report) => validate?.({ ...asked(resource), ...common(policy.name) }, report));
    }
  }
  const resources = stack.map((resource) => ({ ...asked(resource), dependencies: [], propertyDependencies: {} }));
  for (const policy of policies.filter(isStackPolicy)) {
    settle(policy.name, (report) => policy.validateStack({ resources, ...common(policy.name) }, report));
  }
  return found;
}

const timeouts = { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 };

function isResourcePolicy(policy: Policies[number]): policy is ResourceValidationPolicy {
  return "validateResource" in policy;
}

function isStackPolicy(policy: Policies[number]): policy is StackValidationPolicy {
  return "validateStack" in policy;
}

describe("the policy pack", () => {
  it("reports what breaks a rule, with what to do, by the resource's URN", () => {
    expect(run([containers, whole])).toEqual([
      { policy: "workloads-none", message: 'container "web" is there. Mend it.', urn: stack[0]?.urn },
      { policy: "network-none", message: "has 2. Mend it.", urn: stack[1]?.urn },
    ]);
  });

  it("shows a waived violation at the end, and not as one", () => {
    const waiver = {
      resource: "*::web",
      reason: "Tried out for a week",
      owner: "platform team",
      expires: "2999-12-31",
    };
    expect(run([containers], { "workloads-none": { waivers: [waiver] } })).toEqual([
      {
        policy: "waivers-in-use",
        message:
          'Waived until 2999-12-31 (platform team): Tried out for a week [workloads-none: container "web" is there]',
        urn: stack[0]?.urn,
      },
    ]);
  });

  it("refuses a waiver that covers nothing", () => {
    const waiver = { resource: "*::no", reason: "Tried out for a week", owner: "platform team", expires: "2999-12-31" };
    const found = run([containers], { "workloads-none": { waivers: [waiver] } });
    expect(found.map(({ policy }) => policy)).toEqual(["workloads-none", "waivers-valid"]);
  });
});
