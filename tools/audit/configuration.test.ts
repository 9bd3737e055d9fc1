import { describe, expect, it } from "@jest/globals";
import { parseConfiguration } from "./configuration.ts";
import { someRules, waiver } from "./testing.ts";

const parse = (file: object) => parseConfiguration(JSON.stringify(file), someRules);
const levels = (file: object) => parse(file).rules.map(({ enforcement }) => enforcement);

describe("the configuration of an audit", () => {
  it("leaves rules as they are where it says nothing", () => {
    expect(levels({})).toEqual(["mandatory", "mandatory", "advisory"]);
    expect(parseConfiguration("", someRules).rules).toHaveLength(3);
  });

  it("sets the level of one rule, in words or in an object", () => {
    expect(levels({ "workloads-no-privileged": "disabled" })[0]).toBe("disabled");
    expect(levels({ "workloads-no-privileged": { enforcementLevel: "advisory" } })[0]).toBe("advisory");
  });

  it("sets the level of all that have none of their own", () => {
    expect(levels({ all: "advisory", "network-some-policy": "mandatory" })).toEqual([
      "advisory",
      "mandatory",
      "advisory",
    ]);
  });

  it("may let waivers fail without consequence, as the engine's pack may", () => {
    expect(parse({}).waiversMustHold).toBe(true);
    expect(parse({ "waivers-valid": "advisory" }).waiversMustHold).toBe(false);
  });

  it.each([
    ["a rule that is not there", { "workloads-none": "advisory" }, "no rule called workloads-none"],
    ["a level that is not there", { all: "strict" }, "all: must be advisory, mandatory"],
    [
      "a setting that the rule has not",
      { "workloads-no-privileged": { most: 3 } },
      /workloads-no-privileged[\s\S]*most/,
    ],
    ["a waiver without an owner", { "workloads-no-privileged": { waivers: [{ ...waiver, owner: "" }] } }, /owner/],
    ["a list", [], "it"],
  ])("is refused with %s", (_, file, reason) => {
    expect(() => parse(file)).toThrow(reason);
  });

  it("is refused where it is not JSON", () => {
    expect(() => parseConfiguration("rules:", someRules)).toThrow("not JSON");
  });
});
