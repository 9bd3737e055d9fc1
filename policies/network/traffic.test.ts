import { describe, expect, it } from "@jest/globals";
import { directionsOf, portsText, trafficOf } from "./traffic.ts";

describe("a NetworkPolicy", () => {
  it.each([
    ["by its types", { policyTypes: ["Egress"] }, ["Egress"]],
    ["without types and egress", { ingress: [{}] }, ["Ingress"]],
    ["without types, but with egress", { egress: [{}] }, ["Ingress", "Egress"]],
  ])("denies %s", (_, spec, expected) => expect(directionsOf(spec)).toEqual(expected));

  it("allows nothing in a direction that it does not name", () => {
    const spec = { policyTypes: ["Egress"], ingress: [{}], egress: [{ to: [{ podSelector: {} }] }] };
    expect(trafficOf(spec)).toEqual([{ direction: "Egress", peers: [{ podSelector: {} }], ports: [] }]);
    expect(trafficOf(spec, ["Ingress"])).toEqual([]);
  });

  it("has its ports told in words", () => {
    expect(portsText([])).toBe("every port");
    expect(portsText([{ protocol: "UDP" }, { port: "https" }, { port: 1, endPort: 9 }])).toBe(
      "every UDP port, port https, port 1-9",
    );
  });
});
