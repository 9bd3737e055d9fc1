import { describe, expect, it } from "@jest/globals";
import { changesOf, kindText } from "./changes.ts";
import { pathText } from "./property-diff.ts";
import { type Details, type Event, keep, preview, replace, step, update } from "./testing.ts";

const deployment = "apps/v1:Deployment";

/** What a preview says of the resource `web`, as `path (why)`. */
function told(...events: readonly Event[]): string[] {
  const change = changesOf(preview(...events)).find(({ resource }) => resource.name === "web");
  return (change?.properties ?? []).map(({ path, isReplacing, isDrift }) => {
    const marks = [isReplacing ? "replacing" : "", isDrift ? "drift" : ""].filter((mark) => mark !== "");
    return `${pathText(path)}${marks.length > 0 ? ` (${marks.join(", ")})` : ""}`;
  });
}

const differing = (path: string, inputDiff = false, diffKind = "update"): Details => ({
  detailedDiff: { [path]: { diffKind, inputDiff } },
});

describe("a change", () => {
  it("is whatever is not left as it is; reading and refreshing are none", () => {
    const events = [
      keep(deployment, "kept"),
      keep(deployment, "unprotected", {}, { protect: false, old: { protect: true } }),
      step("read", deployment, "read", { after: {}, details: {} }),
      step("refresh", deployment, "refreshed", { before: {}, after: {}, details: {} }),
    ];
    expect(changesOf(preview(...events)).map(({ resource }) => resource.name)).toEqual(["unprotected"]);
  });

  it("has the properties that the program asks for now, and says which of them make a replacement necessary", () => {
    const [before, after] = [{ spec: { a: 1, b: 1 } }, { spec: { a: 2, b: 2 } }];
    expect(told(update(deployment, "web", before, after))).toEqual(["spec.a", "spec.b"]);
    expect(told(replace(deployment, "web", before, after, differing("spec.a", true, "update-replace")))).toEqual([
      "spec.a (replacing)",
      "spec.b",
    ]);
    expect(told(replace(deployment, "web", before, after, { keys: ["spec.b"] }))).toEqual([
      "spec.a",
      "spec.b (replacing)",
    ]);
  });

  it("is drift where the program asks for the same, and something else exists", () => {
    const details = { ...differing("spec.replicas"), old: { outputs: { spec: { replicas: 5 } } } };
    expect(told(update(deployment, "web", { spec: { replicas: 1 } }, { spec: { replicas: 1 } }, details))).toEqual([
      "spec.replicas (drift)",
    ]);
  });

  it("is no drift where the provider only counts the items of a list anew", () => {
    const env = (...names: readonly string[]) => ({
      spec: { env: names.map((name) => ({ name, value: `${name}!` })) },
    });
    const detailedDiff = {
      "spec.env[0].name": { diffKind: "update", inputDiff: false },
      "spec.env[0].value": { diffKind: "update", inputDiff: false },
      "spec.env[1].name": { diffKind: "update", inputDiff: false },
      "spec.env[1].value": { diffKind: "update", inputDiff: false },
      "spec.env[2]": { diffKind: "add", inputDiff: false },
    };
    const details = { detailedDiff, old: { outputs: env("A", "B") } };
    expect(told(update(deployment, "web", env("A", "B"), env("NEW", "A", "B"), details))).toEqual(["spec.env[NEW]"]);
  });

  it("is told for what is hidden by the engine's own comparison alone", () => {
    const hidden = { spec: { password: "[secret]" } };
    expect(told(update(deployment, "web", hidden, hidden, differing("spec.password", true)))).toEqual([
      "spec.password",
    ]);
    expect(told(update(deployment, "web", hidden, hidden))).toEqual([]);
  });

  it("is not what a provider says of its outputs", () => {
    const details = { ...differing("readyForRenewal"), keys: ["readyForRenewal"] };
    expect(told(replace("tls:index/locallySignedCert:LocallySignedCert", "web", { a: 1 }, { a: 1 }, details))).toEqual(
      [],
    );
  });

  it("of a Secret's contents is one, whichever way they are written", () => {
    const [before, after] = [
      { stringData: { key: "first-value-1" } },
      { data: { key: Buffer.from("second-value-2").toString("base64") } },
    ];
    expect(told(update("core/v1:Secret", "web", before, after))).toEqual(["contents.key"]);
  });
});

describe("a type", () => {
  it.each([
    ["kubernetes:apps/v1:Deployment", "Deployment"],
    ["pulumi:providers:kubernetes", "Provider kubernetes"],
  ])("%s is called %s", (type, kind) => expect(kindText(type)).toBe(kind));
});
