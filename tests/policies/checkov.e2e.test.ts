/** What a scanner that others wrote says of what is deployed. Needs no cluster. */
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { recordFigure } from "../figures.ts";
import { answers, type FailedCheck, scan, waivers } from "./checkov.ts";
import { MutatedStack } from "./mutated-stack.ts";

jest.setTimeout(10 * 60_000);

const stacks = [new MutatedStack("dev"), new MutatedStack("prod", { images: { source: "built" } })];
const failed: FailedCheck[] = [];
let passed = 0;

beforeAll(async () => {
  for (const stack of stacks) {
    await stack.begin();
    await stack.up();
    const found = await scan(stack.objects);
    passed += found.passed;
    failed.push(...found.failed);
  }
});

afterAll(() => {
  for (const stack of stacks) stack.remove();
});

describe("checkov, on the manifests of both shipped stacks", () => {
  it("has something to check", () => {
    expect(passed).toBeGreaterThan(500);
  });

  it("finds nothing that is not answered by a written waiver", () => {
    const open = failed.filter((check) => !waivers.some((waiver) => answers(waiver, check)));
    const note = `${passed} checks passed`;
    recordFigure("e2e", "checkov_failed", { value: open.length, unit: "count", n: stacks.length, note });
    recordFigure("e2e", "checkov_waived", { value: failed.length - open.length, unit: "count", n: stacks.length });
    expect(open).toEqual([]);
  });

  it("needs every one of these waivers", () => {
    expect(waivers.filter((waiver) => !failed.some((check) => answers(waiver, check)))).toEqual([]);
  });
});
