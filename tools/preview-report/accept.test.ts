import { describe, expect, it } from "@jest/globals";
import { accept, acceptancesIn, howToAccept, parseAcceptance } from "./accept.ts";
import type { Category, Finding, Level } from "./findings/index.ts";
import { Prose } from "./prose.ts";
import { urnOf } from "./testing.ts";

function finding(category: Category, type: string, name: string, level: Level = "danger"): Finding {
  const resource = { urn: urnOf(type, name), type: `kubernetes:${type}`, name };
  return { category, level, resource, text: new Prose("is deleted") };
}

const cluster = finding("data-loss", "postgresql.cnpg.io/v1:Cluster", "pg");
const volume = finding("data-loss", "core/v1:PersistentVolumeClaim", "pg");
const media = finding("data-loss", "core/v1:PersistentVolumeClaim", "media");
const stopped = finding("outage", "postgresql.cnpg.io/v1:Cluster", "pg");

/** What each of the acceptances covers, as `kind name`; or why it covers nothing. */
function covered(findings: readonly Finding[], ...given: readonly string[]) {
  const judged = accept(findings, given.map(parseAcceptance));
  return {
    accepted: judged.findings.filter(({ acceptedBy }) => acceptedBy !== undefined).map((each) => each.resource?.urn),
    unused: judged.unused.map(({ acceptance, why }) => `${acceptance.given} ${why}`),
  };
}

describe("an acceptance", () => {
  it.each(["data-loss:pg", "data-loss:Cluster/pg", `data-loss:${cluster.resource?.urn}`])(
    "%s takes the one danger that it names, and none of another category or resource",
    (given) => {
      expect(covered([cluster, media, stopped], given)).toEqual({ accepted: [cluster.resource?.urn], unused: [] });
    },
  );

  it("takes all dangers of one category about the one resource", () => {
    expect(covered([cluster, { ...cluster, text: new Prose("has less room") }], "data-loss:pg").accepted).toHaveLength(
      2,
    );
  });

  it("covers nothing, and says so, where several resources have its name", () => {
    expect(covered([cluster, volume], "data-loss:pg")).toEqual({
      accepted: [],
      unused: ["data-loss:pg is the name of 2 resources: say which one, by its kind (Kind/name) or its URN"],
    });
    expect(covered([cluster, volume], "data-loss:Cluster/pg").accepted).toEqual([cluster.resource?.urn]);
  });

  it("covers nothing, and says so, where its danger is not there, or is no more than good to know", () => {
    const why = "data-loss:media covers nothing in this preview: remove it, or correct its name";
    expect(covered([cluster], "data-loss:media").unused).toEqual([why]);
    expect(covered([{ ...media, level: "note" }], "data-loss:media").unused).toEqual([why]);
  });

  it.each<readonly [string, string, string]>([
    ["no category", "pg", '"pg" is no category (data-loss, outage, exposure, permission, secrets)'],
    ["an unknown category", "dataloss:pg", '"dataloss" is no category'],
    ["a policy", "policy:pg", "waivers in the policy pack's configuration"],
    ["no name", "data-loss: ", "it names no single thing"],
    ["everything", "data-loss:*", "Dangers are accepted one by one"],
    ["everything of the stack", "data-loss:urn:*", "Dangers are accepted one by one"],
  ])("cannot name %s", (_what, given, problem) => {
    expect(() => parseAcceptance(given)).toThrow(problem);
  });
});

describe("a pull request's description", () => {
  const given = (text: string) => acceptancesIn(text).map((each) => each.given);

  it("accepts in lines of their own, in any of the usual ways to write them", () => {
    const text =
      "We move to a new cluster.\r\n\r\nAccept: data-loss:pg\r\n- accept: `outage:Deployment/web` \n* Accept: data-loss:urn:pulumi:a::b";
    expect(given(text)).toEqual(["data-loss:pg", "outage:Deployment/web", "data-loss:urn:pulumi:a::b"]);
  });

  it("accepts nothing in the midst of a sentence, or in other words", () => {
    expect(given("We do not Accept: data-loss:pg\nAccept: application/json\nAccept: everything:pg\nI accept")).toEqual(
      [],
    );
  });

  it("accepts nothing where nobody sees it", () => {
    expect(
      given("<!--\nAccept: data-loss:pg\n-->\n<!-- Accept: data-loss:a -->\nfine\n<!--\nAccept: data-loss:b"),
    ).toEqual([]);
  });

  it("cannot accept what breaks a policy", () => {
    expect(() => acceptancesIn("Accept: policy:web")).toThrow("waivers");
  });
});

describe("how a danger is accepted", () => {
  it("is by the shortest name that no other has", () => {
    expect(howToAccept(cluster, [cluster, media])).toBe("data-loss:pg");
    expect(howToAccept(cluster, [cluster, volume])).toBe("data-loss:Cluster/pg");
  });

  it("is not here for policies, or for what is about no resource", () => {
    const broken = finding("policy", "apps/v1:Deployment", "web");
    const { resource: _, ...whole } = cluster;
    expect([howToAccept(broken, [broken]), howToAccept(whole, [whole])]).toEqual([undefined, undefined]);
  });
});
