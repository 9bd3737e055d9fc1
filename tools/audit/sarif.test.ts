import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { sarifOf } from "./sarif.ts";
import {
  audited,
  encryptedSecret,
  exported,
  longPasswords,
  plain,
  policy,
  privileged,
  secretEntry,
  stackUrn,
  urnOf,
  waiver,
  workload,
} from "./testing.ts";

const text = z.strictObject({ text: z.string().min(1) });
const artifact = z.strictObject({ uri: z.string(), index: z.int() });
const reference = z.strictObject({ name: z.string(), index: z.int() });
const rule = z.strictObject({
  id: z.string(),
  shortDescription: text,
  fullDescription: text.optional(),
  help: z.strictObject({ text: z.string(), markdown: z.string().optional() }),
  defaultConfiguration: z.strictObject({
    level: z.enum(["error", "warning", "note"]),
    enabled: z.boolean().optional(),
  }),
  relationships: z
    .array(
      z.strictObject({
        target: z.strictObject({ id: z.string(), toolComponent: reference }),
        kinds: z.array(z.literal("relevant")),
      }),
    )
    .optional(),
  properties: z.looseObject({ tags: z.array(z.string()), "security-severity": z.string().regex(/^\d\.\d$/) }),
});
const result = z.strictObject({
  ruleId: z.string(),
  ruleIndex: z.int(),
  kind: z.enum(["fail", "open"]),
  level: z.enum(["error", "warning", "note", "none"]),
  message: text,
  locations: z.array(
    z.strictObject({
      physicalLocation: z.strictObject({
        artifactLocation: artifact,
        region: z.strictObject({ startLine: z.int().min(1) }).optional(),
      }),
      logicalLocations: z
        .array(z.strictObject({ name: z.string(), fullyQualifiedName: z.string(), kind: z.string() }))
        .optional(),
    }),
  ),
  partialFingerprints: z.record(z.string(), z.string()),
  suppressions: z
    .array(z.strictObject({ kind: z.literal("external"), status: z.literal("accepted"), justification: z.string() }))
    .optional(),
});

/** What SARIF 2.1.0 has of what we write; it allows nothing else in these places. */
const log = z.strictObject({
  $schema: z.url(),
  version: z.literal("2.1.0"),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string(),
          semanticVersion: z.string(),
          rules: z.array(rule),
          supportedTaxonomies: z.array(reference),
        }),
      }),
      automationDetails: z.strictObject({ id: z.string() }),
      invocations: z.tuple([z.strictObject({ executionSuccessful: z.literal(true), endTimeUtc: z.iso.datetime() })]),
      artifacts: z.array(
        z.strictObject({ location: z.strictObject({ uri: z.string() }), hashes: z.record(z.string(), z.string()) }),
      ),
      taxonomies: z.array(
        z.strictObject({
          name: z.string(),
          version: z.string(),
          informationUri: z.url(),
          taxa: z.array(z.strictObject({ id: z.string(), shortDescription: text })),
        }),
      ),
      results: z.array(result),
      columnKind: z.literal("utf16CodeUnits"),
      properties: z.looseObject({}),
    }),
  ]),
});

function runOf(state: string, configuration: object = {}) {
  const audit = audited(state, { configuration });
  return log.parse(JSON.parse(sarifOf(audit, { file: "state.json", text: state }))).runs[0];
}

const bad = exported([workload("web", privileged), workload("edge", plain), policy, secretEntry(encryptedSecret)]);

describe("the SARIF log", () => {
  it("has a result for each violation, at the line of the state that names the resource", () => {
    const [first] = runOf(bad).results;
    const line = bad.split("\n").findIndex((each) => each.includes(urnOf("web"))) + 1;
    expect(first).toMatchObject({
      ruleId: "workloads-no-privileged",
      kind: "fail",
      level: "error",
      message: { text: 'Deployment web: container "main" is privileged. Set `privileged: false`.' },
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: "state.json" }, region: { startLine: line } },
          logicalLocations: [{ fullyQualifiedName: urnOf("web"), name: "web", kind: "Deployment" }],
        },
      ],
      suppressions: [],
    });
  });

  it("leaves open what could not be decided", () => {
    expect(runOf(bad).results.at(-1)).toMatchObject({ ruleId: longPasswords.id, kind: "open", level: "none" });
  });

  it("says of the stack what is said about all of it", () => {
    const [found] = runOf(exported([workload("web", plain)])).results;
    expect(found?.locations[0]?.logicalLocations?.[0]?.fullyQualifiedName).toBe(stackUrn);
  });

  it.each([
    ["a resource", bad, "workloads-no-privileged", waiver],
    ["the stack", exported([workload("web", plain)]), "network-some-policy", { ...waiver, resource: stackUrn }],
  ])("suppresses what is waived for %s, with the reason", (_, state, id, given) => {
    const [found] = runOf(state, { [id]: { waivers: [given] } }).results;
    expect(found?.suppressions).toEqual([
      {
        kind: "external",
        status: "accepted",
        justification: "Tried out for a week (platform team, until 2026-07-01)",
      },
    ]);
  });

  it("has a result for a waiver that does not hold, in the configuration", () => {
    const { results, artifacts } = runOf(bad, {
      "workloads-no-privileged": { waivers: [{ ...waiver, resource: "*::no" }] },
    });
    const found = results.find(({ ruleId }) => ruleId === "waivers-valid");
    expect(found?.message.text).toBe(
      "The waiver of workloads-no-privileged for *::no covers nothing that breaks the rule.",
    );
    const { uri, index } = found?.locations[0]?.physicalLocation.artifactLocation ?? {};
    expect(artifacts[index ?? -1]?.location.uri).toBe(uri);
  });

  it("refers only to what is there", () => {
    const { results, tool, taxonomies } = runOf(bad);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    for (const { relationships = [] } of tool.driver.rules) {
      for (const { target } of relationships) {
        const taxonomy = taxonomies[target.toolComponent.index];
        expect(taxonomy?.name).toBe(target.toolComponent.name);
        expect(taxonomy?.taxa.map(({ id }) => id)).toContain(target.id);
      }
    }
  });

  it("gives each finding a fingerprint that stays when the state moves", () => {
    const prints = (state: string) => runOf(state).results.map(({ partialFingerprints }) => partialFingerprints);
    expect(prints(bad.replaceAll("\n", "\n\n"))).toEqual(prints(bad));
    const all = prints(bad).map((each) => JSON.stringify(each));
    expect(new Set(all).size).toBe(all.length);
  });
});
