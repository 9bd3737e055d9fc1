import { describe, expect, it } from "@jest/globals";
import { firewallRules, overlap } from "./machine.ts";
import { site } from "./site.ts";

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
