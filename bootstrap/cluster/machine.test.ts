import { describe, expect, it } from "@jest/globals";
import { firewallRules, overlap, withHosts } from "./machine.ts";
import { site } from "./site.ts";

describe("the machine's hosts file", () => {
  const before = "127.0.0.1 localhost\n192.0.2.1 other";

  it("gets lines between markers, once", () => {
    const once = withHosts(before, "roost0", ["10.0.0.1 a"]);
    expect(once).toBe(`${before}\n# begin roost0\n10.0.0.1 a\n# end roost0\n`);
    expect(withHosts(once, "roost0", ["10.0.0.1 a"])).toBe(once);
  });

  it("keeps what others have written, and the lines of another cluster", () => {
    const both = withHosts(withHosts(`${before}\n`, "roost0", ["10.0.0.1 a"]), "roost7", ["10.0.0.2 b"]);
    expect(withHosts(both, "roost0", [])).toBe(`${before}\n# begin roost7\n10.0.0.2 b\n# end roost7\n`);
    expect(withHosts(withHosts(both, "roost0", []), "roost7", [])).toBe(`${before}\n`);
  });
});

describe("networks that overlap", () => {
  it.each([
    ["10.213.0.0/24", "10.0.0.0/8", true],
    ["10.213.0.0/24", "10.213.0.7", true],
    ["10.213.0.0/24", "10.213.1.0/24", false],
    ["10.214.0.0/16", "192.168.0.0/16", false],
    ["10.214.0.0/16", "0.0.0.0/0", true],
  ])("%s and %s: %s", (one, other, expected) => {
    expect(overlap(one, other)).toBe(expected);
    expect(overlap(other, one)).toBe(expected);
  });
});

it("marks every firewall rule with the bridge's name, by which it is found and removed", () => {
  for (const { rule } of firewallRules(site("/data"))) expect(rule.join(" ")).toContain("--comment roost0");
});
