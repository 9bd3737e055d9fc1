import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { figuresTable, median, slope } from "./figures.ts";

describe("figures", () => {
  it("are printed one a line, in columns", () => {
    const printed = figuresTable({
      preview_seconds: { value: 2.5, unit: "s", n: 5 },
      messages_lost: { value: 0, unit: "count", n: 1, note: "of 300" },
    });
    expect(printed.split("\n")).toEqual([
      "| figure          | value | unit  | n | note   |",
      "| --------------- | ----- | ----- | - | ------ |",
      "| preview_seconds | 2.5   | s     | 5 |        |",
      "| messages_lost   | 0     | count | 1 | of 300 |",
    ]);
  });

  it("have a median that as many values lie below as above", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(() => median([])).toThrow("no values");
  });

  it("have the slope of the line that the points lie on", () => {
    fc.assert(
      fc.property(fc.integer({ min: -100, max: 100 }), fc.integer({ min: -100, max: 100 }), (a, b) => {
        const points = [0, 50, 100, 200].map((x) => ({ x, y: a * x + b }));
        expect(slope(points)).toBeCloseTo(a, 6);
      }),
    );
  });
});
