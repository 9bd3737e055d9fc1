import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { lineDifferences } from "./lines.ts";

const text = (...lines: readonly string[]) => lines.join("\n");

describe("two texts", () => {
  it("differ by lines, which stand with two lines around them", () => {
    const before = text("1", "2", "3", "4", "5", "6", "7");
    const after = text("1", "2", "3", "four", "5", "6", "7");
    expect(lineDifferences(before, after)).toEqual({
      added: ["four"],
      removed: ["4"],
      diff: [" 2", " 3", "-4", "+four", " 5", " 6"],
    });
  });

  it("that are the same differ by nothing", () => {
    expect(lineDifferences("a\nb", "a\nb")).toEqual({ added: [], removed: [], diff: [] });
  });

  it("that are very long are compared without their order", () => {
    const long = (first: number) =>
      Array.from({ length: 3_000 }, (_none, line) => `${(line * 7 + first) % 6_000}`).join("\n");
    const { added, removed } = lineDifferences(long(0), long(1));
    expect([added.length, removed.length].every((count) => count > 0 && count <= 3_000)).toBe(true);
  });

  it("become each other when lines are taken out and put in", () => {
    const lines = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const { added, removed } = lineDifferences(before.join("\n"), after.join("\n"));
        expect(sorted([...before.join("\n").split("\n"), ...added])).toEqual(
          sorted([...after.join("\n").split("\n"), ...removed]),
        );
      }),
    );
  });
});

function sorted(all: readonly string[]): string[] {
  return all.toSorted();
}
