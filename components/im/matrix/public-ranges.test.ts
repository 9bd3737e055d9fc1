import { BlockList } from "node:net";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { blockedRanges, nonPublicRanges, rangesOutside } from "./public-ranges.ts";

type Family = "ipv4" | "ipv6";

/** Node's own idea of what lies in the ranges, to compare with: a list each, since it takes IPv4 for a part of IPv6. */
function listOf(ranges: readonly string[]): (address: string, family: Family) => boolean {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const range of ranges) {
    const [address = "", prefix] = range.split("/");
    const family = address.includes(":") ? "ipv6" : "ipv4";
    lists[family].addSubnet(address, Number(prefix), family);
  }
  return (address, family) => lists[family].check(address, family);
}

const v4 = fc.ipV4();
const v6 = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 })
  .map((groups) => groups.map((group) => group.toString(16)).join(":"));
const v4Range = fc.tuple(v4, fc.integer({ min: 0, max: 32 })).map(([address, prefix]) => `${address}/${prefix}`);
const v6Range = fc.tuple(v6, fc.integer({ min: 0, max: 128 })).map(([address, prefix]) => `${address}/${prefix}`);

describe("ranges outside", () => {
  it("hold an address exactly if no blocked range does", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(v4Range, v6Range), { maxLength: 6 }), v4, v6, (blocked, address4, address6) => {
        const [inside, outside] = [listOf(blocked), listOf(rangesOutside(blocked))];
        expect(outside(address4, "ipv4")).toBe(!inside(address4, "ipv4"));
        expect(outside(address6, "ipv6")).toBe(!inside(address6, "ipv6"));
      }),
    );
  });

  it("hold the neighbours of a blocked address, and not the address", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 254 }), (last) => {
        const outside = listOf(rangesOutside([`192.0.2.${last}/32`]));
        expect(outside(`192.0.2.${last}`, "ipv4")).toBe(false);
        expect(outside(`192.0.2.${last - 1}`, "ipv4")).toBe(true);
        expect(outside(`192.0.2.${last + 1}`, "ipv4")).toBe(true);
      }),
    );
  });

  it("are everything when nothing is blocked", () => {
    expect(rangesOutside([])).toEqual(["0.0.0.0/0", "::/0"]);
  });

  it("take blocked ranges that overlap, or are written with the host's bits set", () => {
    expect(rangesOutside(["0.0.0.0/1", "64.0.0.0/2", "200.1.2.3/1", "::/0"])).toEqual([]);
  });
});

describe("what a page is fetched from", () => {
  const outside = listOf(rangesOutside(blockedRanges(["198.100.0.0/16"])));

  it.each([
    ["loopback", "127.0.0.1", "ipv4"],
    ["private", "10.213.0.11", "ipv4"],
    ["private", "172.31.255.255", "ipv4"],
    ["private", "192.168.1.1", "ipv4"],
    ["a carrier's", "100.64.0.1", "ipv4"],
    ["a cloud's metadata", "169.254.169.254", "ipv4"],
    ["multicast", "224.0.0.1", "ipv4"],
    ["broadcast", "255.255.255.255", "ipv4"],
    ["this host", "0.0.0.0", "ipv4"],
    ["the operator's", "198.100.3.4", "ipv4"],
    ["loopback", "::1", "ipv6"],
    ["IPv4 in IPv6", "::ffff:10.0.0.1", "ipv6"],
    ["translated", "64:ff9b::a00:1", "ipv6"],
    ["6to4", "2002:a00:1::", "ipv6"],
    ["Teredo", "2001::1", "ipv6"],
    ["unique local", "fd00::1", "ipv6"],
    ["link-local", "fe80::1", "ipv6"],
    ["multicast", "ff02::1", "ipv6"],
  ] as const)("is never %s: %s", (_, address, family) => {
    expect(outside(address, family)).toBe(false);
  });

  it.each([
    ["192.0.66.1", "ipv4"],
    ["172.32.0.1", "ipv4"],
    ["8.8.8.8", "ipv4"],
    ["2a00:1450::1", "ipv6"],
    ["2606:4700::1", "ipv6"],
  ] as const)("may be %s", (address, family) => {
    expect(outside(address, family)).toBe(true);
  });

  it("does not become wider by what the operator adds", () => {
    expect(blockedRanges(["10.0.0.0/8"])).toEqual([...nonPublicRanges]);
  });
});
