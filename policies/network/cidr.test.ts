import { describe, expect, it } from "@jest/globals";
import { contains, isEverywhere } from "./cidr.ts";

describe("a block of addresses", () => {
  it.each([
    ["10.0.0.0/8", "10.255.0.1", true],
    ["10.0.0.0/8", "11.0.0.1", false],
    ["0.0.0.0/0", "192.0.2.1", true],
    ["192.0.2.1", "192.0.2.1", true],
    ["fd00::/8", "fd00:ec2::254", true],
    ["::/0", "192.0.2.1", false],
    ["0.0.0.0/0", "::1", false],
    ["10.0.0.0/33", "10.0.0.1", false],
    ["somewhere/8", "10.0.0.1", false],
  ])("%s contains %s: %s", (cidr, address, expected) => expect(contains(cidr, address)).toBe(expected));

  it.each([
    ["0.0.0.0/0", true],
    ["128.0.0.0/1", true],
    ["10.0.0.0/8", false],
    ["::/0", true],
    ["2000::/3", true],
    ["fc00::/7", false],
    ["somewhere/0", false],
  ])("%s is everywhere: %s", (cidr, expected) => expect(isEverywhere(cidr)).toBe(expected));
});
