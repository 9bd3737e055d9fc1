/** The shipped stacks as the rules see them, without an engine: what a preview would refuse is found here in seconds. */
import { describe, expect, it, jest } from "@jest/globals";
import { shippedConfiguration } from "../policies/configuration.ts";
import { brokenPolicies } from "./broken-policies.ts";
import { exampleSettings } from "./example.ts";
import { runStack } from "./stack.ts";

jest.setTimeout(120_000);

describe("the policies", () => {
  it.each(["dev", "prod"])("are met by the shipped stack %s", async (name) => {
    expect(brokenPolicies(await runStack(name), shippedConfiguration(name))).toEqual([]);
  });

  it("are broken where a part has metrics that Prometheus is not let to", async () => {
    const stack = await runStack("dev");
    const parts = ["roost-synapse", "roost-edge", "roost-pg", "roost-node-exporter", "cnpg-system-cloudnative-pg"];
    for (const part of parts) {
      const kept = stack.registered.filter(({ name }) => !name.startsWith(`${part}-from-prometheus-`));
      expect(kept).toHaveLength(stack.registered.length - 1);
      const broken = brokenPolicies({ ...stack, registered: kept }, shippedConfiguration("dev"));
      expect(broken.filter((each) => each.startsWith("observability-scrape"))).not.toEqual([]);
    }
  });

  it("are met by the stack on machines of its own that the documentation describes", async () => {
    const stack = await runStack("prod", exampleSettings("servers.md", "1. Describe the machines"));
    expect(brokenPolicies(stack, shippedConfiguration("prod"))).toEqual([]);
  });
});
