import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { areRelated, type Difference, differences, pathText, stepsOf } from "./property-diff.ts";
import { Secret, type Tree, unknown } from "./value.ts";

/** As `path: before → after`. */
function told(before: Tree, after: Tree): string[] {
  const text = (difference: Difference, key: "before" | "after") =>
    key in difference ? JSON.stringify(difference[key]) : "nothing";
  return differences(before, after).map(
    (each) => `${pathText(each.path)}: ${each.isOrder ? "order" : `${text(each, "before")} → ${text(each, "after")}`}`,
  );
}

describe("what differs between two versions", () => {
  it("is told where it lies, as deep as it can be", () => {
    const [before, after] = [{ spec: { replicas: 1, paused: true } }, { spec: { replicas: 2, strategy: "x" } }];
    expect(told(before, after)).toEqual([
      "spec.replicas: 1 → 2",
      "spec.paused: true → nothing",
      'spec.strategy: nothing → "x"',
    ]);
  });

  it("is told item by item, by their names, wherever they stand in the list", () => {
    const before = {
      containers: [
        { name: "web", image: "a" },
        { name: "log", image: "l" },
      ],
    };
    const after = { containers: [{ name: "log", image: "l" }, { name: "web", image: "b" }, { name: "new" }] };
    expect(told(before, after)).toEqual([
      'containers[web].image: "a" → "b"',
      'containers[new]: nothing → {"name":"new"}',
    ]);
  });

  it("is only the order where items were only moved, and nothing of that where order means something", () => {
    const env = [{ name: "A" }, { name: "B" }];
    expect(told({ env }, { env: env.toReversed() })).toEqual(["env: order"]);
    expect(told({ args: ["-a", "-b"] }, { args: ["-b", "-a"] })).toEqual(['args: ["-a","-b"] → ["-b","-a"]']);
  });

  it("pairs the one item that changed in a list without names, and else tells what came and went", () => {
    expect(told({ a: [[1], [2]] }, { a: [[1], [3]] })).toEqual(["a[1][0]: 2 → 3"]);
    expect(told({ a: [1, 2, 3] }, { a: [3, 4] })).toEqual([
      "a[0]: 1 → nothing",
      "a[1]: 2 → nothing",
      "a[1]: nothing → 4",
    ]);
    expect(told({ a: [1, 1] }, { a: [1] })).toEqual(["a[1]: 1 → nothing"]);
  });

  it("sees another secret by its number, and something unknown as what it is", () => {
    expect(differences({ a: new Secret(1) }, { a: new Secret(2) })).toHaveLength(1);
    expect(differences({ a: new Secret(1) }, { a: new Secret(1) })).toEqual([]);
    expect(differences({ a: "1" }, { a: unknown })).toEqual([{ path: ["a"], before: "1", after: unknown }]);
    expect(differences({ a: unknown }, { a: unknown })).toEqual([]);
  });

  it("is not fooled by keys that every object has", () => {
    expect(told({}, { constructor: "x", toString: 1 })).toEqual([
      'constructor: nothing → "x"',
      "toString: nothing → 1",
    ]);
  });

  it("is nothing between any value and itself, and something between any two that differ", () => {
    const value = fc.object({ values: [fc.string(), fc.integer(), fc.boolean()], withNullPrototype: false });
    const tree = value.map((given): Tree => JSON.parse(JSON.stringify(given)));
    fc.assert(
      fc.property(tree, tree, (one, other) => {
        expect(differences(one, structuredClone(one))).toEqual([]);
        const isSame = canonical(one) === canonical(other);
        expect(differences(one, other).length > 0).toBe(!isSame);
      }),
    );
  });
});

/** Whether two trees are equal does not depend on the order of their keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)))
      : item,
  );
}

describe("a path that the provider gave", () => {
  it("has items by the names that differences have them by", () => {
    const before = { containers: [{ name: "web" }] };
    const after = { containers: [{ name: "web" }, { name: "log" }] };
    expect(stepsOf(["containers", 1, "image"], before, after)).toEqual(["containers", { item: "log" }, "image"]);
    expect(stepsOf(["args", 1], { args: ["a"] }, { args: ["a", "b"] })).toEqual(["args", { item: "1" }]);
  });

  it("is related to what lies above and below it", () => {
    const path = ["spec", { item: "web" }, "image"];
    expect(areRelated(path, ["spec"])).toBe(true);
    expect(areRelated(["spec"], path)).toBe(true);
    expect(areRelated(path, ["spec", { item: "log" }])).toBe(false);
    expect(areRelated(path, ["spec", "web"])).toBe(false);
  });

  it("is written so that keys with dots stay one key", () => {
    expect(pathText(["metadata", "labels", "a.b/c", { item: "web" }])).toBe('metadata.labels["a.b/c"][web]');
  });
});
