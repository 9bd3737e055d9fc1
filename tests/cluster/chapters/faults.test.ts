import { describe, expect, it } from "@jest/globals";
import { outageSeconds } from "./faults.ts";

describe("the time without service", () => {
  it("lasts from the fault to the end of the longest silence after it", () => {
    expect(outageSeconds([800, 900, 1050, 1100, 5100, 5200], 1000)).toBeCloseTo(4.1);
  });

  it("is short when there was no interruption", () => {
    expect(outageSeconds([900, 1000, 1100, 1200, 1300], 1050)).toBeLessThan(0.3);
  });

  it("cannot be told when nothing came back", () => {
    expect(() => outageSeconds([900], 1000)).toThrow("nothing was acknowledged after the fault");
  });
});
