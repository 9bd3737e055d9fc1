import { describe, expect, it } from "@jest/globals";
import { changesOf } from "./changes.ts";
import { type NoiseRule, noiseRules } from "./noise.ts";
import { pathText } from "./property-diff.ts";
import { reportOf } from "./report.ts";
import { type Details, type Event, preview, update } from "./testing.ts";

interface Case {
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  readonly details?: Details;
  readonly also?: readonly Event[];
}

/** How each difference of a Deployment `web` is judged, by path; `told` where it is no noise. */
function judged({ before, after, details = {}, also = [] }: Case): Record<string, NoiseRule | "told"> {
  const changes = changesOf(preview(update("apps/v1:Deployment", "web", before, after, details), ...also));
  const web = changes.find(({ resource }) => resource.name === "web");
  return Object.fromEntries([
    ...(web?.properties ?? []).map(({ path }) => [pathText(path), "told"]),
    ...(web?.noise ?? []).map(({ path, rule }) => [pathText(path), rule]),
  ]);
}

const config = update("core/v1:ConfigMap", "web-config", { data: { a: "1" } }, { data: { a: "2" } });
const annotated = (annotations: object) => ({ spec: { template: { metadata: { annotations } } } });

const noise: Readonly<Record<string, readonly [Case, Record<string, NoiseRule>]>> = {
  "another order of what has none": [
    {
      before: { spec: { env: [{ name: "A" }, { name: "B" }] } },
      after: { spec: { env: [{ name: "B" }, { name: "A" }] } },
    },
    { "spec.env": "order" },
  ],
  "a number that becomes a text": [
    { before: { spec: { port: 80 } }, after: { spec: { port: "80" } } },
    { "spec.port": "notation" },
  ],
  "the same quantity in another unit": [
    { before: { spec: { resources: { cpu: "1000m" } } }, after: { spec: { resources: { cpu: "1" } } } },
    { "spec.resources.cpu": "notation" },
  ],
  "a default that is said outright now": [
    { before: { spec: {} }, after: { spec: { dnsPolicy: "ClusterFirst" } } },
    { "spec.dnsPolicy": "serverDefault" },
  ],
  "what the provider finds and the program never asked for": [
    {
      before: {},
      after: {},
      details: { detailedDiff: { "spec.clusterIP": { diffKind: "update", inputDiff: false } } },
    },
    { "spec.clusterIP": "serverDefault" },
  ],
  "a hash that follows from another change": [
    {
      before: annotated({ "roost/config-hash": "abcdef0123" }),
      after: annotated({ "roost/config-hash": "9876543210" }),
      also: [config],
    },
    { 'spec.template.metadata.annotations["roost/config-hash"]': "derivedHash" },
  ],
  "what tools note for themselves": [
    {
      before: { metadata: { generation: 1, annotations: { "pulumi.com/patchForce": "a" } } },
      after: { metadata: { generation: 2, annotations: {} } },
    },
    { "metadata.generation": "bookkeeping", 'metadata.annotations["pulumi.com/patchForce"]': "bookkeeping" },
  ],
  "what the program hides": [
    {
      before: { spec: { a: [{ b: 1 }] } },
      after: { spec: { a: [{ b: 2 }] } },
      details: { hideDiffs: [["spec", "a", 0, "b"]] },
    },
    { "spec.a[0].b": "hiddenByProgram" },
  ],
};

const signals: Readonly<Record<string, Case>> = {
  "another order of arguments": { before: { args: ["-a", "-b"] }, after: { args: ["-b", "-a"] } },
  "a value that is no default": { before: {}, after: { dnsPolicy: "Default" } },
  "a default that replaces something else": { before: { periodSeconds: 5 }, after: { periodSeconds: 10 } },
  "another quantity": { before: { resources: { cpu: "1" } }, after: { resources: { cpu: "1100m" } } },
  "a version that is equal as a number": { before: { data: "1.0" }, after: { data: "1" } },
  "a hash that follows from nothing": { before: annotated({ hash: "abcdef0" }), after: annotated({ hash: "abcdef1" }) },
  "a hash that is no label and no annotation": {
    before: { spec: { hash: "abcdef0" } },
    after: { spec: { hash: "abcdef1" } },
    also: [config],
  },
  "another uid in a spec": { before: { spec: { uid: "a" } }, after: { spec: { uid: "b" } } },
};

describe("noise", () => {
  it.each(Object.entries(noise))("is %s", (_name, [given, rules]) => {
    expect(judged(given)).toEqual(rules);
  });

  it("has no rule without such a case", () => {
    expect([...new Set(Object.values(noise).flatMap(([, rules]) => Object.values(rules)))].sort()).toEqual(
      Object.keys(noiseRules).sort(),
    );
  });

  it.each(Object.entries(signals))("is not %s", (_name, given) => {
    expect(new Set(Object.values(judged(given)))).toEqual(new Set(["told"]));
  });

  it("is counted rule by rule, and stands in the full diff", () => {
    const [before, after] = [
      { spec: { a: 1, b: 1, c: [{ name: "x" }, { name: "y" }] } },
      { spec: { a: "1", b: "1", c: [{ name: "y" }, { name: "x" }] } },
    ];
    const { markdown } = reportOf(preview(update("apps/v1:Deployment", "web", before, after)));
    expect(markdown).toContain(
      "Left out above as noise: 1 × order of lists whose order means nothing; 2 × the same value, written differently.",
    );
    expect(markdown).toContain("nothing but noise");
    expect(markdown).toContain("# spec.c: another order");
  });
});
