import { describe, expect, it } from "@jest/globals";
import { firewallRules, overlap, routesInto } from "./machine.ts";
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

describe("the networks of a cluster", () => {
  const here = site("/data");

  it("must not be the machine's already", () => {
    const routes = [
      { dst: "10.213.0.128/25", dev: "eth0" },
      { dst: "10.214.0.0/16", dev: "tun0" },
    ];
    expect(routesInto(here, routes)).toEqual({
      taken: [
        "the network 10.213.0.0/24 is in use (10.213.0.128/25 on eth0)",
        "the network 10.214.0.0/16 is in use (10.214.0.0/16 on tun0)",
      ],
      wider: [],
    });
  });

  it("may lie in a wider one, such as a VPN's", () => {
    const routes = [{ dst: "10.0.0.0/8", dev: "tun0" }];
    expect(routesInto(here, routes)).toEqual({ taken: [], wider: ["10.0.0.0/8 on tun0"] });
  });

  it("are their own, and do not mind the way out", () => {
    const routes = [{ dst: "default", dev: "eth0" }, { dst: here.hostsCidr, dev: here.bridge }, { dst: "10.0.0.0/8" }];
    expect(routesInto(here, routes)).toEqual({ taken: [], wider: [] });
  });
});

it("marks every firewall rule with the bridge's name, by which it is found and removed", () => {
  for (const { rule } of firewallRules(site("/data"))) expect(rule.join(" ")).toContain("--comment roost0");
});
