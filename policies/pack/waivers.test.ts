import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { configured, idleWaivers, judge, type Violation } from "./judge.ts";
import { containerRule, stackRule, withSettings } from "./rule.ts";
import { deployment } from "./testing.ts";
import { covers, waiverFor } from "./waivers.ts";

const about = { title: "None", why: "One. Two.", fix: "Mend it.", severity: "low", controls: {} } as const;
const rule = containerRule({ ...about, id: "workloads-none", check: (_container, report) => report("is there") });
const web = deployment({ containers: [{ name: "web" }] });
const waiver = {
  resource: "*:Deployment::web",
  reason: "Tried out for a week",
  owner: "platform team",
  expires: "2026-06-30",
};

function judged(waivers: readonly object[], today: string): Violation[] {
  const found: Violation[] = [];
  judge(configured(rule, { waivers }), { resource: web }, today, (violation) => found.push(violation));
  return found;
}

describe("a waiver", () => {
  it.each([
    ["*:Deployment::web", true],
    ["*::web", true],
    [web.urn, true],
    ["*::we", false],
    ["*:deployment::web", false],
    ["*.Deployment::web", false],
    ["*", true],
  ])("for %s covers the resource: %s", (resource, expected) => {
    expect(covers({ ...waiver, resource }, web.urn)).toBe(expected);
  });

  it("counts to the end of its last day", () => {
    expect(judged([waiver], "2026-06-30")).toEqual([{ message: 'container "web" is there', resource: web, waiver }]);
    expect(judged([waiver], "2026-07-01")).toEqual([{ message: 'container "web" is there', resource: web }]);
  });

  it("that counts is preferred to one that has ended", () => {
    const later = { ...waiver, expires: "2027-01-31" };
    expect(waiverFor([waiver, later], web.urn, "2026-12-31")).toBe(later);
  });

  it("covers what is said about the stack by the stack's own URN", () => {
    const whole = stackRule({
      ...about,
      id: "network-none",
      appliesTo: () => true,
      check: (_, report) => report("lacks it"),
    });
    const found: Violation[] = [];
    const known = configured(whole, { waivers: [{ ...waiver, resource: "urn:stack" }] });
    judge(known, { stack: [], stackUrn: "urn:stack" }, "2026-01-01", (violation) => found.push(violation));
    expect(found).toEqual([expect.objectContaining({ message: "lacks it", waiver: expect.anything() })]);
  });

  it.each([
    ["without a reason", { reason: "" }, /reason/],
    ["without a date", { expires: "soon" }, /expires/],
    ["with a date that is none", { expires: "2026-02-30" }, /expires/],
    ["with something unknown", { until: "2026-02-28" }, /until/],
  ])("%s cannot be used, and the error names rule and setting", (_, changed, message) => {
    expect(() => judged([{ ...waiver, ...changed }], "2026-01-01")).toThrow(/workloads-none/);
    expect(() => judged([{ ...waiver, ...changed }], "2026-01-01")).toThrow(message);
  });
});

describe("waivers that nothing needs", () => {
  const known = configured(rule, { waivers: [waiver] });

  it("are told apart from those that have ended", () => {
    const messages = (today: string) => idleWaivers([known], new Set(), today).map(({ message }) => message);
    expect(messages("2026-01-01")).toEqual([expect.stringContaining("covers nothing that breaks the rule")]);
    expect(messages("2027-01-01")).toEqual([expect.stringContaining("ended on 2026-06-30")]);
  });

  it("are those only that were not used", () => {
    expect(idleWaivers([known], new Set(known.waivers), "2026-01-01")).toEqual([]);
  });
});

describe("a rule's configuration", () => {
  const limited = withSettings(z.strictObject({ most: z.int().default(1) }), ({ most }) =>
    containerRule({ ...about, id: "workloads-most", check: (_container, report) => report(`may be ${most}`) }),
  );

  it("sets what the rule lets be set", () => {
    const messages: string[] = [];
    judge(configured(limited, { most: 3 }), { resource: web }, "2026-01-01", ({ message }) => messages.push(message));
    expect(messages).toEqual(['container "web" may be 3']);
  });

  it("is refused where the rule knows no such setting, or wants another value", () => {
    expect(() => configured(limited, { most: "many" })).toThrow(/workloads-most[\s\S]*most/);
    expect(() => configured(limited, { least: 1 })).toThrow(/workloads-most[\s\S]*least/);
    expect(() => configured(rule, { most: 3 })).toThrow(/workloads-none[\s\S]*most/);
  });

  it("may make the rule advisory", () => {
    expect(configured(rule, { enforcementLevel: "advisory" }).enforcement).toBe("advisory");
    expect(configured(rule, {}).enforcement).toBe("mandatory");
  });
});
