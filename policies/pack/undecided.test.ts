import { describe, expect, it } from "@jest/globals";
import { each } from "./rule.ts";
import { guarded, Undecided, Unknown } from "./undecided.ts";

const unknown = new Unknown("it is encrypted");

describe("properties with values that are not known", () => {
  const tree = guarded({ data: { password: unknown, user: "ada" }, list: [{ a: 1 }, unknown] });

  it("tell what is known, at any depth", () => {
    expect(tree.data.user).toBe("ada");
    expect(Object.keys(tree.data)).toEqual(["password", "user"]);
  });

  it("stop whoever reads one that is not, saying which and why", () => {
    expect(() => tree.data.password).toThrow(Undecided);
    expect(() => tree.data.password).toThrow(".data.password is not known: it is encrypted");
    expect(() => Object.values(tree.data)).toThrow(Undecided);
    expect(() => tree.list.map((item) => item)).toThrow(Undecided);
    expect(() => JSON.stringify(tree)).toThrow(Undecided);
  });

  it("hide nothing about the others where each item is judged", () => {
    const seen: string[] = [];
    const items = guarded([{ name: "first", value: unknown }, unknown, { name: "last", value: "x" }]);
    const judgeAll = () =>
      each(items, (item) => {
        if (item instanceof Unknown) return;
        seen.push(`${item.name} ${item.value}`);
      });
    expect(judgeAll).toThrow(".0.value is not known");
    expect(seen).toEqual(["last x"]);
  });
});
