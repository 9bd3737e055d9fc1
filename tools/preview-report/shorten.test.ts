import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Document, type Item, shortened } from "./shorten.ts";

const document: Document = {
  head: "# Head",
  sections: [
    { begin: "## Dangers", items: [{ importance: 1, markdown: "- lost" }], itemsAreCalled: "dangers are" },
    {
      begin: "## Changes",
      items: Array.from({ length: 50 }, (_none, index) => ({
        importance: 5,
        markdown: `- change ${index} of a resource with a name`,
        group: `**part ${index % 2}**`,
      })),
      end: "The end.",
      itemsAreCalled: "changes are",
    },
    { begin: "## Nothing", items: [], itemsAreCalled: "things are" },
  ],
  foot: "<!-- mark -->",
};

describe("a document", () => {
  it("stands whole where there is room, group by group, without empty sections", () => {
    const text = shortened(document, 10_000);
    expect(text).not.toContain("left out");
    expect(text).not.toContain("## Nothing");
    expect(text).toContain(
      "**part 0**\n\n- change 0 of a resource with a name\n- change 2 of a resource with a name\n",
    );
    expect(text.indexOf("change 48")).toBeLessThan(text.indexOf("**part 1**"));
  });

  it("leaves out what matters least, and says how much of what", () => {
    const text = shortened(document, 600);
    expect(text).toContain("- lost");
    expect(text).toMatch(/_\d+ more changes are left out: the report would be too long\._\n\nThe end\./);
  });

  it("says it too where nothing of a section stays", () => {
    const text = shortened(document, 150);
    expect(text).toContain("_50 changes are left out: the report would be too long._");
    expect(text).not.toContain("## Changes");
  });

  it("does not pretend to fit where not even head and foot do", () => {
    expect(() => shortened(document, 20)).toThrow("too low for a report");
  });

  it("is never longer than it may be, keeps head and foot, and leaves out nothing that matters more than what stays", () => {
    const item = fc.record({ importance: fc.integer({ min: 0, max: 5 }), size: fc.integer({ min: 0, max: 300 }) });
    const sections = fc.array(fc.array(item, { maxLength: 12 }), { maxLength: 6 });
    fc.assert(
      fc.property(sections, fc.integer({ min: 500, max: 3_000 }), (given, limit) => {
        const made = given.map((items, section) => ({
          begin: `## ${section}`,
          items: items.map(
            ({ importance, size }, index): Item => ({
              importance,
              markdown: `<${section}/${index}>${"x".repeat(size)}`,
            }),
          ),
          itemsAreCalled: "items are",
        }));
        const text = shortened({ head: "# Head", sections: made, foot: "the foot" }, limit);
        expect(text.length).toBeLessThanOrEqual(limit);
        expect(text.startsWith("# Head")).toBe(true);
        expect(text.endsWith("the foot")).toBe(true);
        const all = made.flatMap(({ items }) => items);
        const [kept, gone] = [all.filter(isIn(text)), all.filter((each) => !isIn(text)(each))];
        const worst = Math.max(-1, ...kept.map(({ importance }) => importance));
        expect(gone.every(({ importance }) => importance >= worst)).toBe(true);
        for (const { items } of made) {
          const left = items.filter((each) => !isIn(text)(each)).length;
          if (left > 0) expect(text).toMatch(new RegExp(`_${left} (more )?items are left out`));
        }
        expect(text.includes("left out")).toBe(gone.length > 0);
      }),
    );
  });
});

function isIn(text: string) {
  return ({ markdown }: Item) => text.includes(markdown.slice(0, markdown.indexOf(">") + 1));
}
