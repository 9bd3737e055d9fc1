import { describe, expect, it } from "@jest/globals";
import { site } from "./site.ts";

describe("the site of a cluster", () => {
  it("has three networks that lie side by side", () => {
    const { hostsCidr, podsCidr, servicesCidr } = site("/data");
    expect([hostsCidr, podsCidr, servicesCidr]).toEqual(["10.213.0.0/24", "10.214.0.0/16", "10.215.0.0/16"]);
  });

  it("shares no bridge with another one on the same machine", () => {
    const [one, other] = [site("/data"), site("/other", "10.193")];
    expect(one.bridge).not.toBe(other.bridge);
  });

  it.each(["10.254", "192.168", "10.1.2", "10.-1", ""])("refuses the network %j", (network) => {
    expect(() => site("/data", network)).toThrow(/^ROOST_NETWORK=.*give two numbers/);
  });
});
