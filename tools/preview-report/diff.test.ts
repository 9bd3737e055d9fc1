import { describe, expect, it } from "@jest/globals";
import { changesOf } from "./changes.ts";
import { diffLines } from "./diff.ts";
import { create, type Event, preview, remove, update } from "./testing.ts";

const kind = "core/v1:ConfigMap";

function lines(event: Event): string[] {
  return changesOf(preview(event))
    .flatMap(diffLines)
    .filter((line) => !line.includes("metadata."));
}

describe("the full diff", () => {
  it("has a line for each value that comes or goes", () => {
    const inputs = { data: { a: "1", b: "" }, list: [{ name: "x", value: 2 }, { name: "y" }], empty: [] };
    const shown = ["data.a: 1", 'data.b: ""', "list[x].name: x", "list[x].value: 2", "list[y].name: y", "empty: []"];
    expect(lines(create(kind, "web", inputs))).toEqual(shown.map((line) => `+ ${line}`));
    expect(lines(remove(kind, "web", inputs))).toEqual(shown.map((line) => `- ${line}`));
  });

  it("has what was and what is, noise too", () => {
    const [before, after] = [
      { a: 1, b: [{ name: "x" }, { name: "y" }] },
      { a: 2, b: [{ name: "y" }, { name: "x" }] },
    ];
    expect(lines(update(kind, "web", before, after))).toEqual(["- a: 1", "+ a: 2", "# b: another order"]);
  });

  it("compares texts line by line", () => {
    const [before, after] = [{ data: { "a.cfg": "one\ntwo\nthree\n" } }, { data: { "a.cfg": "one\n2\nthree\n" } }];
    expect(lines(update(kind, "web", before, after))).toEqual(['# data["a.cfg"]', " one", "-two", "+2", " three", " "]);
  });

  it("is cut where nobody would read on", () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_none, index) => [`key${index}`, index]));
    expect(lines(create(kind, "web", { data: many })).at(-1)).toMatch(/^# and \d+ more lines$/);
    expect(lines(create(kind, "web", { data: { a: "word ".repeat(200) } }))[0]).toMatch(
      /^\+ data\.a: (word ){20,}.*…$/,
    );
  });

  it("has nothing to show of a component", () => {
    expect(lines(create("roost:parts:Part", "edge"))).toEqual([]);
  });
});
