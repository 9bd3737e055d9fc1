import { describe, expect, it } from "@jest/globals";
import { differences, restored } from "./difference.ts";

describe("what is declared", () => {
  it("differs only where it says something", () => {
    const found = { enabled: false, name: "by hand", attributes: { ours: "1", theirs: "2" }, list: ["b", "a"] };
    expect(differences({ attributes: { ours: "1" }, list: ["a", "b"] }, found)).toEqual([]);
    expect(differences({ enabled: true, attributes: { ours: "2" }, list: ["a"] }, found)).toEqual([
      "enabled",
      "attributes.ours",
      "list",
    ]);
    expect(differences({ missing: { deep: 1 } }, found)).toEqual(["missing.deep"]);
  });

  it("is put over what is found, and keeps the rest", () => {
    const found = { name: "by hand", attributes: { ours: "1", theirs: "2" }, list: ["a", "b"] };
    expect(restored({ attributes: { ours: "3" }, list: ["c"] }, found)).toEqual({
      name: "by hand",
      attributes: { ours: "3", theirs: "2" },
      list: ["c"],
    });
  });
});
