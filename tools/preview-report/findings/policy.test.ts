import { describe, expect, it } from "@jest/globals";
import { found, keep, update, urnOf, violation, workload } from "../testing.ts";
import { standingOf } from "./policy.ts";

const urn = urnOf("apps/v1:Deployment", "web");
const web = keep("apps/v1:Deployment", "web", workload("web"));

describe("a policy's word", () => {
  it("is a danger where the policy is mandatory", () => {
    expect(
      found("policy", web, violation({ urn, message: 'container "web" is privileged', severity: "critical" })),
    ).toEqual(['danger web breaks `workloads-no-privileged` (`critical`): `container "web" is privileged`']);
  });

  it("is advice where it is not: to look at where this change touches the resource, else good to know", () => {
    const advice = violation({ urn, message: "could be better", level: "advisory" });
    const change = update("apps/v1:Deployment", "web", workload("web"), workload("web", { replicas: 2 }));
    expect(found("policy", web, advice)).toEqual([
      "note web is advised against by `workloads-no-privileged`: `could be better`",
    ]);
    expect(found("policy", change, advice)[0]).toMatch(/^review/);
  });

  it("is told where it cannot be given yet: an unknown value never passes in silence", () => {
    const message =
      "can't run policy 'workloads-no-privileged' during preview: Property value at .spec can't be known during preview";
    expect(found("policy", web, violation({ urn, message, level: "advisory" }))[0]).toMatch(
      /^review web cannot be judged by `workloads-no-privileged` yet, and is decided at `up`/,
    );
  });

  it("is told where it is waived, by whom, why and until when", () => {
    const message =
      'Waivers that are in use are shown.\nWaived until 2999-12-31 (platform team): A tracer, for a week [workloads-no-privileged: container "web" is privileged]';
    const waived = violation({ urn, message, policy: "waivers-in-use", level: "advisory" });
    expect(found("policy", web, waived)).toEqual([
      'note web is excepted from `workloads-no-privileged` until `2999-12-31` by `platform team`: `A tracer, for a week`; it is broken: `container "web" is privileged`',
    ]);
  });

  it("says first what is wrong, and then what the rule is", () => {
    const message = 'No container is privileged.\ncontainer "web" is privileged. Leave it out.';
    expect(found("policy", web, violation({ urn, message }))).toEqual([
      'danger web breaks `workloads-no-privileged`: `container "web" is privileged. Leave it out.`; the rule is: `No container is privileged.`',
    ]);
  });

  it("may be about the stack as a whole", () => {
    expect(found("policy", violation({ message: "2 waivers cover nothing", policy: "waivers-valid" }))).toEqual([
      "danger the stack breaks `waivers-valid`: `2 waivers cover nothing`",
    ]);
  });

  it("is told where a policy mends a resource", () => {
    const remediation = { resourceUrn: urn, policyName: "labels", policyPackName: "roost" };
    expect(found("policy", web, { policyRemediationEvent: remediation })).toEqual([
      "note web is mended by `labels` before it is made",
    ]);
  });

  it.each([
    "is not Waived until 2999",
    "No rule.\nWaived until 2999-12-31 (me): because I say so [a: b]",
    "can't run policy 'a' during preview: no",
  ])("cannot be softened by a message that only looks like it: %j", (message) => {
    const given = { policy: "p", pack: "p", urn: "", message, isMandatory: true, severity: "" };
    expect(standingOf(given)).toBe("broken");
  });
});
