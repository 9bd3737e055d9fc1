import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { code, codeBlock, cut, list, Prose, say, visible } from "./prose.ts";

describe("a foreign word in a sentence", () => {
  it("stands in a code span, where nothing is markup, a mention or a link", () => {
    expect(say`${"@ada <b>"} is deleted, ${2} times${new Prose("!")}`.markdown).toBe("`@ada <b>` is deleted, 2 times!");
  });

  it.each([
    ["a`b", "``a`b``"],
    ["`", "`` ` ``"],
    ["``` x", "```` ``` x ````"],
    ["", '`""`'],
    ["two\r\nlines", "`two⏎lines`"],
    ["tab\there", "`tab here`"],
    ["\u202egnirts", "`\\u{202e}gnirts`"],
    ["\u001b[31mred", "`\\u{1b}[31mred`"],
  ])("%j is written %s", (text, markdown) => {
    expect(code(text)).toBe(markdown);
  });

  it("never gets out of its code span, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("`", "a", " ", "\n", "<", "@") }), (text) => {
        const [, fence = "", inner = ""] = /^(`+)(.*?)`+$/s.exec(code(text)) ?? [];
        const runs: readonly string[] = inner.match(/`+/g) ?? [];
        expect(code(text).endsWith(fence)).toBe(true);
        expect(runs.includes(fence)).toBe(false);
        expect(code(text)).not.toContain("\n");
      }),
    );
  });

  it("is cut where it is long, and never in the middle of a character", () => {
    expect(cut("abcdef", 3)).toBe("abc…");
    expect(cut("ab😀", 3)).toBe("ab…");
    expect(cut("abc", 3)).toBe("abc");
  });
});

describe("a block of code", () => {
  it("is closed only at its end", () => {
    expect(codeBlock(["a", "```", "b"], "diff")).toBe("````diff\na\n```\nb\n````");
  });

  it("shows what would hide", () => {
    expect(visible("a\u200bb\u2028c")).toBe("a\\u{200b}b⏎c");
  });
});

describe("several things", () => {
  it("stand in a row, and the rest is counted", () => {
    expect(list(["a"]).markdown).toBe("`a`");
    expect(list(["a", "b", "c"]).markdown).toBe("`a`, `b` and `c`");
    expect(list(["a", "b", "c", "d"], 3).markdown).toBe("`a`, `b` and 2 more");
  });
});
