import { describe, expect, it } from "@jest/globals";
import { oneTimePassword } from "./sign-in-page.ts";

describe("one-time passwords", () => {
  // Appendix B of RFC 6238, the last six of its eight digits; the key is "12345678901234567890".
  it.each([
    [59, "287082"],
    [1_111_111_109, "081804"],
    [1_234_567_890, "005924"],
    [20_000_000_000, "353130"],
  ])("are those of the standard at second %d", (second, code) => {
    expect(oneTimePassword("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", second * 1000)).toBe(code);
  });
});
