/** The policy pack in the real engine: the shipped stacks pass, and no mistake does. Needs no cluster. */
import { mkdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { attempt, type CommandResult } from "../cluster/command.ts";
import { configurationFile, shippedConfiguration } from "./configuration.ts";
import { MutatedStack } from "./mutated-stack.ts";
import { mutations } from "./mutations.ts";

jest.setTimeout(10 * 60_000);

const stacks = {
  dev: new MutatedStack("dev"),
  // The digests of upstream images are not known where their registries cannot be reached; those of built ones are.
  prod: new MutatedStack("prod", { images: { source: "built" } }),
};

beforeAll(async () => {
  for (const stack of Object.values(stacks)) await stack.begin();
});

afterAll(() => {
  for (const stack of Object.values(stacks)) stack.remove();
});

describe("a preview with the policy pack", () => {
  it.each(["dev", "prod"] as const)("passes the shipped stack %s", async (name) => {
    const configuration = shippedConfiguration(name);
    const { code, stdout, stderr } = await stacks[name].judgedPreview({ configuration });
    expect({ code, violations: violations(stdout + stderr) }).toEqual({ code: 0, violations: [] });
  });

  // All mistakes of a stack at once: one preview of each stack, and not one for each mistake.
  describe.each(["dev", "prod"] as const)("of %s with every mistake", (name) => {
    let preview: CommandResult;

    beforeAll(async () => {
      const configuration = shippedConfiguration(name);
      preview = await stacks[name].judgedPreview({
        mutations: mistakes(name).map(([mistake]) => mistake),
        configuration,
      });
      expect(preview.code).not.toBe(0);
    });

    it.each(mistakes(name))("refuses %s", (_, { rule, about, named = about }) => {
      expect(violations(preview.stdout + preview.stderr, named)).toContain(rule);
    });
  });

  it("says what it cannot decide, which the update then does", async () => {
    const options = { mutations: ["laterSecret"], configuration: shippedConfiguration("dev") };
    const preview = await stacks.dev.judgedPreview(options);
    expect(preview.code).toBe(0);
    expect(preview.stdout).toMatch(/can't run policy 'secrets-none-in-config-maps'.*during preview/);
    const update = await stacks.dev.judgedUp(options);
    expect(update.code).not.toBe(0);
    expect(violations(update.stdout + update.stderr)).toContain("secrets-none-in-config-maps");
  });
});

describe("a waiver", () => {
  const resource = "*kubernetes:apps/v1:Deployment::web";
  const waiver = { resource, reason: "Tried out for a week", owner: "platform team", expires: "2999-12-31" };
  const judge = (changed: object, names = ["privilegedPod"]) =>
    stacks.dev.judgedPreview({
      mutations: names,
      configuration: {
        ...shippedConfiguration("dev"),
        "workloads-no-privileged": { waivers: [{ ...waiver, ...changed }] },
      },
    });

  it("lets pass what it names, and is shown", async () => {
    const { code, stdout } = await judge({});
    expect({ code, violations: violations(stdout) }).toEqual({ code: 0, violations: [] });
    expect(stdout).toContain("Waived until 2999-12-31 (platform team): Tried out for a week");
  });

  it("counts no longer when its time is over", async () => {
    const { code, stdout } = await judge({ expires: "2020-01-31" });
    expect(code).not.toBe(0);
    expect(violations(stdout)).toContain("workloads-no-privileged");
  });

  it("fails when it covers nothing", async () => {
    const { code, stdout } = await judge({}, []);
    expect(code).not.toBe(0);
    expect(violations(stdout)).toEqual(["waivers-valid"]);
  });
});

describe("the audit of an exported state", () => {
  it.each(["dev", "prod"] as const)("passes the shipped stack %s", async (name) => {
    await stacks[name].up();
    const { code, broken } = await audit(name);
    expect({ code, broken }).toEqual({ code: 0, broken: [] });
  });

  it.each(["dev", "prod"] as const)("finds in %s every mistake that the preview refuses", async (name) => {
    const here = mistakes(name);
    await stacks[name].up({ mutations: here.map(([mistake]) => mistake) });
    const { code, broken } = await audit(name);
    expect(code).toBe(1);
    expect(broken).toEqual(expect.arrayContaining([...new Set(here.map(([, { rule }]) => rule))]));
  });
});

/** Mistakes that are made in that stack. */
function mistakes(stack: "dev" | "prod") {
  return Object.entries(mutations).filter(([, mutation]) => (mutation.stack ?? "dev") === stack);
}

/** Rules that block, as the engine lists them. @param about kind and name of a resource @default any */
function violations(printed: string, about?: string): string[] {
  const found = [...printed.matchAll(/\[mandatory\].*?\s([a-z]+(?:-[a-z]+)+)\s+\(\S+:(\S+): (\S+)\)/g)];
  const here = found.filter(([, , kind, name]) => about === undefined || about === `${kind} ${name}`);
  return [...new Set(here.map(([, rule = ""]) => rule))];
}

async function audit(stack: "dev" | "prod"): Promise<{ readonly code: number; readonly broken: readonly string[] }> {
  const out = resolve("build", "audit", stack);
  mkdirSync(out, { recursive: true });
  const state = await stacks[stack].exported();
  const configuration = configurationFile(stack);
  const configured = configuration === undefined ? [] : ["--config", configuration];
  const { code, stderr } = await attempt(process.execPath, ["tools/audit.ts", state, ...configured, "--out", out]);
  expect(stderr).toBe("");
  const { rules }: { rules: readonly { readonly id: string; readonly outcome: string }[] } = JSON.parse(
    readFileSync(resolve(out, "audit.json"), "utf8"),
  );
  return { code, broken: rules.filter(({ outcome }) => outcome === "broken").map(({ id }) => id) };
}
