/** The shipped stacks with an archive. */
import { beforeAll, describe, expect, it, jest } from "@jest/globals";
import { z } from "zod";
import { shippedConfiguration } from "../policies/configuration.ts";
import { brokenPolicies } from "./broken-policies.ts";
import { exampleSettings } from "./example.ts";
import { nameOf, objectsOf } from "./objects.ts";
import type { Stack } from "./stack.ts";
import { runStack } from "./stack.ts";
import { itIsWired } from "./wiring.ts";

jest.setTimeout(120_000);

const settings = exampleSettings("archive.md", "Decide what it may hold");
const archive = z.object({ archive: z.looseObject({}) }).parse(settings).archive;

/** What a ConfigMap holds, by the names of its files. */
function filesOf({ registered }: Stack, name: string): Readonly<Record<string, string>> {
  const map = registered.find((each) => each.name === name && each.type.endsWith(":ConfigMap"));
  return z.object({ data: z.record(z.string(), z.string()) }).parse(map?.inputs).data;
}

describe.each(["dev", "prod"] as const)("the stack %s with an archive", (name) => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await runStack(name, name === "prod" ? withoutEncryption(settings) : settings);
  });

  itIsWired(() => stack);

  it("meets the policies", () => {
    expect(brokenPolicies(stack, shippedConfiguration(name))).toEqual([]);
  });

  it("lets its program reach Kafka, the store and the homeserver, and nothing else", () => {
    const policies = objectsOf(stack.registered).map(nameOf);
    expect(policies.filter((each) => /^NetworkPolicy roost\/archive-/.test(each)).sort()).toEqual(
      [
        "archive-from-prometheus-9409",
        "archive-to-kafka-9093",
        "archive-to-object-store-7070",
        "archive-to-synapse-8443",
      ]
        .map((each) => `NetworkPolicy roost/${each}`)
        .sort(),
    );
  });

  it("locks what it writes for as long as it is kept, and keeps what is under a hold", () => {
    const { "archive.json": specification = "" } = filesOf(stack, "archive-specification");
    expect(JSON.parse(specification)).toMatchObject({
      topic: "im.events",
      lock: { mode: "GOVERNANCE", days: 3650 },
      retention: { days: 3650, holds: [{ reason: "CASE-2026-17", persons: ["@ada:example.org"], rooms: [] }] },
    });
  });

  it("tells people what it holds, and lets no room be encrypted", () => {
    expect(filesOf(stack, "web-config")["archive.html"]).toContain("compliance");
    expect(Object.keys(filesOf(stack, "synapse-scripts"))).toContain("roost_readable.py");
  });
});

describe("a stack with a confidential archive", () => {
  it("has all rooms encrypted, and says that nobody can read it", async () => {
    const stack = await runStack("dev", { ...settings, archive: { ...archive, mode: "confidential" } });
    expect(filesOf(stack, "web-config")["archive.html"]).toContain("confidential");
    expect(Object.keys(filesOf(stack, "synapse-scripts"))).not.toContain("roost_readable.py");
  });
});

/** The example of production has its rooms encrypted by a setting, with which this archive cannot be. */
function withoutEncryption(given: Readonly<Record<string, unknown>>) {
  const retention = { messagesDays: 1095, mediaDays: 365 };
  return { ...given, im: { engine: "matrix", host: "matrix.example.org", webHost: "chat.example.org", retention } };
}
