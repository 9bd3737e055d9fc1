import { describe, expect, it } from "@jest/globals";
import { addressesOf, withNames, withoutNames } from "./names.ts";

describe("the machine's hosts file", () => {
  const before = "127.0.0.1 localhost\n192.0.2.1 other";
  const dev = "10.0.0.1 roost.test chat.roost.test";
  const trial = "10.0.0.1 example.org chat.example.org";

  it("gets a stack's names between markers, once", () => {
    const once = withNames(before, "roost0", "dev", dev);
    expect(once).toBe(`${before}\n# begin roost0\n${dev} # stack dev\n# end roost0\n`);
    expect(withNames(once, "roost0", "dev", dev)).toBe(once);
  });

  it("has the names of several stacks, each of which changes its own alone", () => {
    const both = withNames(withNames(before, "roost0", "trial", trial), "roost0", "dev", dev);
    expect(both).toContain(`# begin roost0\n${trial} # stack trial\n${dev} # stack dev\n# end roost0\n`);
    expect(withNames(both, "roost0", "dev", undefined)).toBe(withNames(before, "roost0", "trial", trial));
    const moved = withNames(both, "roost0", "dev", "10.0.0.1 another.test");
    expect([addressesOf(moved, "roost.test"), addressesOf(moved, "another.test")]).toEqual([[], ["10.0.0.1"]]);
    expect(addressesOf(moved, "example.org")).toEqual(["10.0.0.1"]);
  });

  it("keeps what others have written, and the names in another cluster", () => {
    const both = withNames(withNames(`${before}\n`, "roost0", "dev", dev), "roost7", "dev", trial);
    const other = `${before}\n# begin roost7\n${trial} # stack dev\n# end roost7\n`;
    expect(withoutNames(both, "roost0")).toBe(other);
    expect(withNames(both, "roost0", "dev", undefined)).toBe(other);
    expect(withoutNames(other, "roost7")).toBe(`${before}\n`);
  });
});

it("finds the addresses that a hosts file gives for a name", () => {
  const hosts = "10.0.0.1 a.test b.test # c.test\n::1\tb.test\n# 10.0.0.9 a.test\n";
  expect(["a.test", "b.test", "c.test", "test"].map((name) => addressesOf(hosts, name))).toEqual([
    ["10.0.0.1"],
    ["10.0.0.1", "::1"],
    [],
    [],
  ]);
});
