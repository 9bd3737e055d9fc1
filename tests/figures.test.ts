import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { bestOf, figuresTable, median, samplesUntil, slope } from "./figures.ts";

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

  it("are measured again while no sample is below the limit, and tell every sample", async () => {
    const measured = async (values: readonly number[]) => {
      const rest = [...values];
      return samplesUntil({ limit: 5, attempts: 3 }, async () => rest.shift() ?? Number.NaN);
    };
    expect(await measured([4.9, 1])).toEqual([4.9]);
    expect(await measured([7.25, 5, 4, 1])).toEqual([7.25, 5, 4]);
    expect(await measured([9, 8, 7, 1])).toEqual([9, 8, 7]);
    expect(bestOf([7.25, 5, 3.12345], "lost")).toEqual({
      value: 3.12345,
      unit: "s",
      n: 3,
      note: "lost; samples: 7.25, 5, 3.12; median 5, max 7.25",
    });
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
