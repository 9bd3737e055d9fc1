import { describe, expect, it } from "@jest/globals";
import { containerRule } from "../../policies/pack/rule.ts";
import { type Audit, auditSchema } from "./schema.ts";
import {
  audited,
  encryptedSecret,
  exported,
  noPrivileged,
  plain,
  policy,
  privileged,
  secretEntry,
  shownSecret,
  stackUrn,
  urnOf,
  waiver,
  workload,
} from "./testing.ts";

const longSecret = secretEntry(shownSecret("a password that is long enough"));
const good = exported([workload("web", plain), policy, longSecret]);
const bad = exported([workload("web", privileged), workload("edge", plain), policy, longSecret]);

const waived = (changed: object = {}) => ({ "workloads-no-privileged": { waivers: [{ ...waiver, ...changed }] } });
const ruleOf = (audit: Audit, id: string) => audit.rules.find((rule) => rule.id === id);
const controlOf = (audit: Audit, standard: string, id: string) =>
  audit.standards.find(({ name }) => name === standard)?.controls.find((control) => control.id === id);

describe("an audit", () => {
  it("is data of a written form", () => {
    for (const text of [good, bad, exported([secretEntry(encryptedSecret)])]) {
      expect(() =>
        auditSchema.parse(JSON.parse(JSON.stringify(audited(text, { configuration: waived() })))),
      ).not.toThrow();
    }
  });

  it("says what was judged, by what, and when", () => {
    expect(audited(good, { configuration: {} })).toMatchObject({
      date: "2026-07-01T12:00:00.000Z",
      state: { file: "state.json", sha256: expect.stringMatching(/^[0-9a-f]{64}$/), engine: "v3.228.0" },
      pack: { version: "1.2.3", configuration: { file: "policies.json" } },
    });
  });

  it("is the same whatever order the state names its resources in", () => {
    const state: { deployment: { resources: unknown[] } } = JSON.parse(bad);
    state.deployment.resources.reverse();
    const { state: one, ...rest } = audited(bad);
    const { state: other, ...same } = audited(JSON.stringify(state));
    expect(same).toEqual(rest);
    expect(other.resources).toEqual(one.resources);
  });

  it("names the file that cannot be used", () => {
    expect(() => audited("")).toThrow(/^state\.json cannot be used: it is not JSON/);
    expect(() => audited(good, { configuration: { none: {} } })).toThrow(
      /^policies\.json cannot be used: there is no rule/,
    );
  });
});

describe("a rule", () => {
  it("is met where everything that it is asked about meets it", () => {
    expect(audited(good).rules.map(({ outcome }) => outcome)).toEqual(["met", "met", "met"]);
    expect(ruleOf(audited(good), "workloads-no-privileged")?.asked).toEqual([urnOf("web")]);
  });

  it("is broken by a resource, which is named", () => {
    expect(ruleOf(audited(bad), "workloads-no-privileged")).toMatchObject({
      outcome: "broken",
      asked: [urnOf("edge"), urnOf("web")],
      violations: [{ message: 'container "main" is privileged', resource: urnOf("web"), waived: false }],
    });
  });

  it("is not applicable where nothing is what it speaks of", () => {
    expect(ruleOf(audited(exported([policy])), "workloads-no-privileged")?.outcome).toBe("not-applicable");
  });

  it("is not asked where it is switched off", () => {
    const audit = audited(bad, { configuration: { "workloads-no-privileged": "disabled" } });
    expect(ruleOf(audit, "workloads-no-privileged")).toMatchObject({ outcome: "disabled", asked: [], violations: [] });
    expect(audit.verdict.outcome).toBe("met");
  });

  it("is undecided where it needs a secret that is encrypted", () => {
    const audit = audited(exported([policy, secretEntry(encryptedSecret), longSecret]));
    expect(ruleOf(audit, "secrets-long-passwords")).toMatchObject({
      outcome: "undecided",
      undecided: [{ why: ".stringData.password is not known: it is encrypted in the state" }],
    });
  });

  it("keeps what it found before it was stopped", () => {
    const text = exported([workload("web", privileged, { name: "other", securityContext: encryptedSecret })]);
    expect(ruleOf(audited(text), "workloads-no-privileged")).toMatchObject({
      outcome: "broken",
      violations: [{ resource: urnOf("web") }],
      undecided: [{ resource: urnOf("web") }],
    });
  });

  it("that fails on a resource keeps nobody from the others", () => {
    const failing = containerRule({
      ...noPrivileged,
      check() {
        throw new TypeError("not as its kind is");
      },
    });
    const audit = audited(good, { rules: [failing] });
    expect(audit.rules[0]?.undecided).toEqual([
      { resource: urnOf("web"), why: "the rule failed on it: not as its kind is" },
    ]);
  });

  it("says how it is set", () => {
    expect(ruleOf(audited(good), "workloads-no-privileged")?.settings).toBeUndefined();
  });
});

describe("a waiver", () => {
  it("in use lets the resource pass, to the end of its last day", () => {
    const audit = audited(bad, { configuration: waived() });
    expect(ruleOf(audit, "workloads-no-privileged")?.outcome).toBe("waived");
    expect(audit.waivers).toEqual([expect.objectContaining({ state: "used", covers: [urnOf("web")] })]);
    expect(audit.verdict).toEqual({
      outcome: "met",
      sentence: "Every mandatory rule is met; 1 of them with a waiver.",
    });
  });

  it("for the stack as a whole names the stack", () => {
    const configuration = { "network-some-policy": { waivers: [{ ...waiver, resource: stackUrn }] } };
    const audit = audited(exported([workload("web", plain)]), { configuration });
    expect(audit.waivers).toEqual([expect.objectContaining({ state: "used", covers: [stackUrn] })]);
  });

  it("that has ended counts no longer, and against the stack", () => {
    const audit = audited(bad, { configuration: waived({ expires: "2026-06-30" }) });
    expect(audit.waivers).toEqual([expect.objectContaining({ state: "expired", covers: [] })]);
    expect(audit.verdict.sentence).toBe("1 mandatory rule is broken and 1 waiver has ended or covers nothing.");
  });

  it("that covers nothing counts against the stack, unless the configuration says otherwise", () => {
    const audit = audited(good, { configuration: waived() });
    expect(audit.waivers).toEqual([expect.objectContaining({ state: "idle" })]);
    expect(audit.verdict.outcome).toBe("broken");
    expect(audited(good, { configuration: { ...waived(), "waivers-valid": "advisory" } }).verdict.outcome).toBe("met");
  });

  it("is not called idle where what it covers could not be decided", () => {
    const text = exported([workload("web", { name: "main", securityContext: encryptedSecret }), policy]);
    const audit = audited(text, { configuration: waived() });
    expect(audit.waivers).toEqual([expect.objectContaining({ state: "undecided" })]);
    expect(audit.verdict.outcome).toBe("undecided");
  });
});

describe("the verdict", () => {
  it("is not swayed by a rule that is advisory", () => {
    const audit = audited(exported([workload("web", plain), policy, secretEntry(shownSecret("short"))]));
    expect(audit.verdict).toEqual({
      outcome: "met",
      sentence: "Every mandatory rule is met; 1 advisory rule is not.",
    });
  });

  it("says that something is undecided, even beside what is broken", () => {
    const text = exported([workload("web", { name: "main", securityContext: encryptedSecret })]);
    expect(audited(text).verdict).toEqual({
      outcome: "broken",
      sentence: "1 mandatory rule is broken and 1 mandatory rule could not be decided.",
    });
  });
});

describe("a control", () => {
  it("is as good as the worst of its rules, and says what it was checked on", () => {
    expect(controlOf(audited(bad), "iso", "A.8.2")).toMatchObject({
      outcome: "broken",
      rules: ["workloads-no-privileged", "network-some-policy"],
      resources: 2,
      wholeStack: true,
    });
    expect(controlOf(audited(bad), "cis", "5.3.2")).toMatchObject({ outcome: "met", resources: 0, wholeStack: true });
  });

  it("that no rule answers says so", () => {
    expect(controlOf(audited(bad), "gbt", "8.1.4.1 d)")).toMatchObject({ outcome: "unanswered", rules: [] });
  });
});
