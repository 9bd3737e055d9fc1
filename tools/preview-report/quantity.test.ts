import { describe, expect, it } from "@jest/globals";
import { quantityOf } from "./quantity.ts";

describe("a quantity", () => {
  it.each<readonly [string | number, number]>([
    [2, 2],
    ["500m", 0.5],
    ["1.5Gi", 1.5 * 1024 ** 3],
    ["1e3", 1_000],
    ["2k", 2_000],
  ])("%s is %d", (text, number) => expect(quantityOf(text)).toBeCloseTo(number));

  it.each(["", "1 Gi", "Gi", "1Xi", "-1", "1.2.3"])("is not %j", (text) => expect(quantityOf(text)).toBeUndefined());
});
