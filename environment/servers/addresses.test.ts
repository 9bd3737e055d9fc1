import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { isHostIn, overlap, rangeOf, within } from "./addresses.ts";

const ranges = fc
  .oneof(fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })), fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })))
  .map(([address, prefix]) => `${address}/${prefix}`)
  .filter((range) => rangeOf(range) !== undefined);

describe("address ranges", () => {
  it("overlap in both directions, and themselves", () => {
    fc.assert(
      fc.property(ranges, ranges, (one, other) => {
        expect(overlap(one, other)).toBe(overlap(other, one));
        expect(overlap(one, one)).toBe(true);
        if (within(one, other)) expect(overlap(one, other)).toBe(true);
      }),
    );
  });

  it("hold addresses of their own family only", () => {
    expect(within("10.1.0.5", "10.1.0.0/24")).toBe(true);
    expect(within("10.1.1.5", "10.1.0.0/24")).toBe(false);
    expect(within("fd00::5", "fd00::/64")).toBe(true);
    expect(within("10.1.0.5", "::/0")).toBe(false);
    expect(overlap("10.1.0.0/16", "10.1.255.0/24")).toBe(true);
    expect(overlap("10.1.0.0/24", "10.1.1.0/24")).toBe(false);
  });

  it("keep their first and last address from machines, where the family has a broadcast address", () => {
    for (const address of ["10.1.0.0", "10.1.0.255", "10.1.1.1"]) expect(isHostIn(address, "10.1.0.0/24")).toBe(false);
    for (const address of ["10.1.0.1", "10.1.0.254"]) expect(isHostIn(address, "10.1.0.0/24")).toBe(true);
    expect(isHostIn("10.1.0.0", "10.1.0.0/31")).toBe(true);
    expect(isHostIn("fd00::", "fd00::/64")).toBe(true);
  });

  it.each(["", "10.1.0", "10.1.0.0/33", "10.1.0.0/24/8", "fd00::/129", "host"])("are not %j", (text) => {
    expect(rangeOf(text)).toBeUndefined();
  });

  it("read IPv6 in every way that it is written", () => {
    expect(rangeOf("::1")?.first).toBe(1n);
    expect(rangeOf("0:0:0:0:0:0:0:1")?.first).toBe(1n);
    expect(rangeOf("fd00::")?.first).toBe(0xfd00n << 112n);
  });
});
