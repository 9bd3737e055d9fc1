import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ADDRESS_RANGE } from "../settings/names.ts";
import { networkOf } from "./addresses.ts";

describe("the network of an address range", () => {
  it.each([
    ["10.1.2.3/8", "10.0.0.0/8"],
    ["192.168.1.20/24", "192.168.1.0/24"],
    ["172.16.255.255/12", "172.16.0.0/12"],
    ["203.0.113.9/32", "203.0.113.9/32"],
    ["1.2.3.4/0", "0.0.0.0/0"],
    ["2001:db8::/32", "2001:db8::/32"],
  ])("%s is %s", (range, network) => expect(networkOf(range)).toBe(network));

  it("is its own network", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
        const network = networkOf(`${address}/${prefix}`);
        expect(networkOf(network)).toBe(network);
        expect(network).toMatch(ADDRESS_RANGE);
      }),
    );
  });
});
