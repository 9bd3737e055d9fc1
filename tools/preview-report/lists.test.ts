import { describe, expect, it } from "@jest/globals";
import { isOrdered, itemNames } from "./lists.ts";

describe("items of a list", () => {
  it.each([
    ["their names", [{ name: "web" }, { name: "log" }], ["web", "log"]],
    [
      "several keys, where one is not enough",
      [
        { port: 53, protocol: "TCP" },
        { port: 53, protocol: "UDP" },
      ],
      ["53 TCP", "53 UDP"],
    ],
    ["where they are mounted", [{ mountPath: "/a" }, { mountPath: "/b" }], ["/a", "/b"]],
  ])("are told apart by %s", (_how, items, names) => {
    expect(items.map((item) => itemNames(items)?.(item))).toEqual(names);
  });

  it.each([
    ["are texts", ["a", "b"]],
    ["share a name", [{ name: "a" }, { name: "a" }]],
    ["have none", [{ image: "a" }]],
    ["are none", []],
  ])("cannot be told apart where they %s", (_why, items) => {
    expect(itemNames(items)).toBeUndefined();
  });

  it("are told apart the same way in both versions", () => {
    expect(itemNames([{ name: "a", ip: "1" }], [{ ip: "2" }])?.({ ip: "2" })).toBe("2");
  });
});

describe("the order of a list", () => {
  it("says something of arguments and of rules for access, and nothing of variables and volumes", () => {
    expect(["args", "pg_hba", "initContainers", "paths"].every((list) => isOrdered(list, undefined))).toBe(true);
    expect(["env", "volumes", "ports", "ingress"].some((list) => isOrdered(list, undefined))).toBe(false);
  });

  it("says nothing of a role's rules, which are a set, and something of an Ingress's", () => {
    expect(isOrdered("rules", { kind: "ClusterRole" })).toBe(false);
    expect(isOrdered("rules", { kind: "Ingress" })).toBe(true);
  });
});
