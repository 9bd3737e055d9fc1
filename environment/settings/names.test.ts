import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ADDRESS_RANGE, HOST_NAME } from "./names.ts";

describe("a host name", () => {
  it.each(["roost.test", "a.b", "xn--bcher-kva.example", "chat.4you.example"])("may be %s", (name) =>
    expect(name).toMatch(HOST_NAME),
  );

  it.each([
    "localhost",
    "Roost.test",
    "-a.test",
    "a-.test",
    "a..test",
    ".test",
    "test.",
    "10.0.0.1",
    "a_b.test",
    "a b.test",
    `${"a.".repeat(127)}example`,
  ])("may not be %s", (name) => expect(name).not.toMatch(HOST_NAME));
});

describe("an address range", () => {
  it("may be any network of either kind", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, prefix) =>
        ADDRESS_RANGE.test(`${address}/${prefix}`),
      ),
    );
    for (const range of ["2001:db8::/32", "::/0", "fd00::1/128"]) expect(range).toMatch(ADDRESS_RANGE);
  });

  it.each(["10.0.0.1", "10.0.0/24", "10.0.0.0/33", "256.0.0.0/8", "10.0.0.0/8 ", "any", "fd00/8", "::/129"])(
    "may not be %s",
    (range) => {
      expect(range).not.toMatch(ADDRESS_RANGE);
    },
  );
});
