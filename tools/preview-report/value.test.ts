import { describe, expect, it } from "@jest/globals";
import { at, hasUnknown, Secret, same, unknown } from "./value.ts";

describe("a value", () => {
  it("is found by its path, up to what is hidden or not known yet", () => {
    const secret = new Secret(1);
    const tree = { a: { b: [1, { c: 2 }] }, secret, later: unknown };
    expect(at(tree, "a", "b", 1, "c")).toBe(2);
    expect(at(tree, "secret", "anything")).toBe(secret);
    expect(at(tree, "later", 0)).toBe(unknown);
    expect([at(tree, "a", "x", "y"), at(tree, "a", 0), at(tree, "toString")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("is the same as another for all that is known", () => {
    expect(same({ a: [1, { b: "x" }] }, { a: [1, { b: "x" }] })).toBe(true);
    expect(same({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
    expect(same({ a: 1 }, { a: 1, b: null })).toBe(false);
    expect(same([1, 2], [2, 1])).toBe(false);
    expect(same(new Secret(1), new Secret(2))).toBe(false);
    expect(same(new Secret(), new Secret())).toBe(true);
    expect(same(unknown, "x")).toBe(false);
  });

  it("is unknown where any of it is", () => {
    expect(hasUnknown({ a: [{ b: unknown }] })).toBe(true);
    expect(hasUnknown({ a: [{ b: new Secret() }] })).toBe(false);
  });
});
