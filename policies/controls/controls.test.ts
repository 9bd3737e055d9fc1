import { describe, expect, it } from "@jest/globals";
import { type Controls, type Standard, type StandardName, standards } from "./index.ts";

const forms: Readonly<Record<StandardName, RegExp>> = {
  cis: /^5\.\d\.\d+$/,
  nsa: /^((access|audit|network|pods)\/[a-z]+(-[a-z]+)*|upgrades)$/,
  iso: /^A\.[58]\.\d+$/,
  gbt: /^8\.1\.[2-5]\.\d+ [a-z]\)$/,
};

/** How far the whole standard counts in each part: a number beyond it is a slip of the pen. */
const lastOf: Readonly<Record<string, string>> = {
  "5.1": "13",
  "5.2": "12",
  "5.3": "2",
  "5.4": "2",
  "5.5": "1",
  "5.6": "4",
  "A.5": "37",
  "A.8": "34",
  "8.1.2.1": "e",
  "8.1.2.2": "b",
  "8.1.3.1": "d",
  "8.1.3.2": "e",
  "8.1.3.3": "d",
  "8.1.3.5": "d",
  "8.1.4.1": "d",
  "8.1.4.2": "g",
  "8.1.4.3": "d",
  "8.1.4.4": "f",
  "8.1.4.7": "b",
  "8.1.4.8": "b",
  "8.1.4.9": "c",
  "8.1.4.10": "b",
  "8.1.4.11": "b",
  "8.1.5.1": "b",
  "8.1.5.4": "f",
};

const byNumber = new Intl.Collator("en", { numeric: true }).compare;

/** Whether the standard counts as far as the id does: `5.1.13` is within `5.1`, `8.1.2.1 e)` within `8.1.2.1`. */
function isWithin(id: string): boolean {
  const [part = "", last = ""] = id.replace(")", "").split(/ |\.(?=\d+$)/);
  return last !== "" && byNumber(last, lastOf[part] ?? "") <= 0;
}

const catalogues: readonly (readonly [StandardName, Standard])[] = [
  ["cis", standards.cis],
  ["nsa", standards.nsa],
  ["iso", standards.iso],
  ["gbt", standards.gbt],
];

describe.each(catalogues)("the catalogue %s", (name, { title, version, source, controls }) => {
  const ids = Object.keys(controls);

  it("says which edition of which standard it is, and where that is published", () => {
    expect(title).not.toBe("");
    expect(version).toMatch(/\d/);
    expect(new URL(source).protocol).toBe("https:");
  });

  it("names its controls in the form that the standard has", () => {
    expect(ids).not.toEqual([]);
    expect(ids.filter((id) => !forms[name].test(id))).toEqual([]);
  });

  it("is in order", () => {
    expect(ids).toEqual(ids.toSorted(byNumber));
  });

  it("says what each control asks, in a phrase that no other has", () => {
    const texts = Object.values(controls);
    expect(texts.filter((text) => text.trim() !== text || text.length < 10 || text.endsWith("."))).toEqual([]);
    expect(new Set(texts).size).toBe(texts.length);
  });
});

describe.each(catalogues.filter(([name]) => name !== "nsa"))("the numbers of %s", (_, { controls }) => {
  it("are within what the standard counts to", () => {
    expect(Object.keys(controls).filter((id) => !isWithin(id))).toEqual([]);
  });
});

describe("a rule's reference", () => {
  it("does not compile where the catalogue has no such control", () => {
    // @ts-expect-error Host ports were 5.2.13 until edition 1.11.
    const controls: Controls = { cis: ["5.2.13"] };
    for (const id of controls.cis ?? []) expect(standards.cis.controls).not.toHaveProperty([id]);
  });

  it("can be to every standard", () => {
    expect(catalogues.map(([name]) => name)).toEqual(Object.keys(standards));
  });
});
