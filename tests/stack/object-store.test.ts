/** The shipped stacks with an object store. */
import { beforeAll, describe, expect, it, jest } from "@jest/globals";
import { z } from "zod";
import { shippedConfiguration } from "../policies/configuration.ts";
import { brokenPolicies } from "./broken-policies.ts";
import { exampleSettings } from "./example.ts";
import { nameOf, objectsOf } from "./objects.ts";
import type { Stack } from "./stack.ts";
import { runStack, SECRET_MARK } from "./stack.ts";
import { itIsWired } from "./wiring.ts";

jest.setTimeout(120_000);

const rules = ({ registered }: Stack) =>
  objectsOf(registered)
    .map(nameOf)
    .filter((name) => /^NetworkPolicy .*object-store/.test(name))
    .sort();

describe.each(["dev", "prod"] as const)("the stack %s with an object store of its own", (name) => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await runStack(name, exampleSettings("object-store.md", "The object store"));
  });

  itIsWired(() => stack);

  it("meets the policies", () => {
    expect(brokenPolicies(stack, shippedConfiguration(name))).toEqual([]);
  });

  it("has a volume that the stack can make larger, and that outlives it in production", () => {
    const volume = stack.registered.find((each) => each.name === "data-object-store-0");
    expect(volume).toMatchObject({ protect: name === "prod", retainOnDelete: name === "prod" });
    expect(volume?.inputs).toMatchObject({ spec: { resources: { requests: { storage: "100Gi" } } } });
  });

  it("lets in nobody but the Job that declares its buckets, as long as nothing uses it", () => {
    expect(rules(stack)).toEqual([
      "NetworkPolicy roost/object-store-buckets-to-object-store-7070",
      "NetworkPolicy roost/object-store-from-object-store-buckets-7070",
    ]);
  });
});

describe("a stack with somebody else's object store", () => {
  let stack: Stack;

  beforeAll(async () => {
    const { backup } = exampleSettings("object-store.md", "Somebody else's");
    const { store } = z.object({ store: z.looseObject({}) }).parse(backup);
    const secretAccessKey = SECRET_MARK.replaceAll(" ", "-");
    stack = await runStack("dev", { backup: { store: { ...store, secretAccessKey } } }, ["backup"]);
  });

  itIsWired(() => stack);

  it("is let out to its addresses, and to nothing else of it", () => {
    expect(rules(stack)).toEqual(["NetworkPolicy roost/object-store-buckets-to-object-store-443"]);
    const policy = objectsOf(stack.registered).find(({ metadata }) =>
      metadata.name.startsWith("object-store-buckets-to"),
    );
    expect(policy).toMatchObject({
      spec: { egress: [{ to: [{ ipBlock: { cidr: "10.2.0.21/32" } }], ports: [{ port: 443 }] }] },
    });
  });

  it("runs none of its own", () => {
    const names = objectsOf(stack.registered).map(nameOf);
    expect(names.filter((each) => /^(StatefulSet|PersistentVolumeClaim) .*object-store/.test(each))).toEqual([]);
  });
});

describe("a stack without an object store", () => {
  it("has nothing of it", async () => {
    const { registered } = await runStack("dev");
    expect(registered.filter(({ name }) => name.includes("object-store")).map(({ name }) => name)).toEqual([]);
  });
});
