import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { standards } from "./controls/index.ts";
import { policiesOf } from "./pack/pulumi.ts";
import { rules } from "./rules.ts";

const areas = readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !["pack", "controls", "node_modules"].includes(entry.name))
  .map(({ name }) => name);

/** Ids of the rules that have a file, by the rule's place. */
const files = areas.flatMap((area) =>
  readdirSync(join(__dirname, area)).flatMap((file) =>
    file.endsWith(".test.ts") ? [`${area}-${file.slice(0, -8)}`] : [],
  ),
);

describe("the rules", () => {
  it("are at least forty, each with an id of its own", () => {
    expect(rules.length).toBeGreaterThanOrEqual(40);
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });

  it.each(rules.map((rule) => [rule.id, rule] as const))("%s lies where its id says, with its test beside it", (id) => {
    expect(files).toContain(id);
  });

  it("say in two sentences why they matter", () => {
    const other = rules.filter(({ why }) => (why.match(/[.!?](?=\s|$)/g) ?? []).length !== 2).map(({ id }) => id);
    expect(other).toEqual([]);
  });

  it("have a title without, and a remedy with a full stop", () => {
    const other = rules.filter(({ title, fix }) => title.endsWith(".") || !/[.!?]$/.test(fix)).map(({ id }) => id);
    expect(other).toEqual([]);
  });

  it("name controls that are in the catalogue", () => {
    const unknown = rules.flatMap(({ id, controls }) =>
      Object.entries(controls).flatMap(([name, ids]) => {
        const catalogue = Object.entries(standards).find(([standard]) => standard === name)?.[1].controls ?? {};
        return ids.filter((control) => !(control in catalogue)).map((control) => `${id}: ${name} ${control}`);
      }),
    );
    expect(unknown).toEqual([]);
  });

  it("have settings that all have a default and say what they are for", () => {
    const shape = z.record(z.string(), z.looseObject({ description: z.string(), default: z.unknown() }));
    for (const { settings } of rules) {
      if (settings === undefined) continue;
      expect(settings.safeParse({}).success).toBe(true);
      expect(() => shape.parse(z.toJSONSchema(settings, { io: "input" }).properties)).not.toThrow();
    }
  });

  it("can all be given to the engine, with two policies about waivers at the end", () => {
    const names = policiesOf(rules).map(({ name }) => name);
    expect(names).toEqual([...rules.map(({ id }) => id), "waivers-in-use", "waivers-valid"]);
  });
});
