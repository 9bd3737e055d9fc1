import { describe, expect, it } from "@jest/globals";
import { parseEvents } from "./events.ts";
import { parsePath, previewOf } from "./preview.ts";
import * as testing from "./testing.ts";
import { component, create, keep, lines, message, preview, remove, replace, step, summary, update } from "./testing.ts";

const config = "core/v1:ConfigMap";

describe("a preview", () => {
  it("knows its project and stack, and says nothing of the stack as a resource", () => {
    const { project, stack, resources } = preview();
    expect({ project, stack, names: resources.map(({ name }) => name) }).toEqual({
      project: "roost",
      stack: "dev",
      names: ["chat"],
    });
  });

  it("tells what is done to each resource", () => {
    const actions = preview(
      keep(config, "kept"),
      create(config, "made"),
      update(config, "changed", { data: { a: "1" } }, { data: { a: "2" } }),
      remove(config, "gone"),
      step("discard", config, "forgotten", { before: {}, details: {} }),
      step("import", config, "imported", { after: {}, details: {} }),
      step("read", config, "read", { after: {}, details: {} }),
    ).resources.map(({ name, action }) => `${name} ${action}`);
    expect(actions.sort()).toEqual([
      "changed update",
      "chat same",
      "forgotten forget",
      "gone delete",
      "imported import",
      "kept same",
      "made create",
      "read read",
    ]);
  });

  it("looks at an operation that it does not know as a change", () => {
    const [rewritten] = preview(step("transmogrify", config, "web", { before: {}, after: {}, details: {} })).resources;
    expect(rewritten).toMatchObject({ name: "web", action: "update" });
  });

  it.each([
    ["first", ["delete-replaced", "create-replacement"], true],
    ["last", ["create-replacement", "delete-replaced"], false],
  ] as const)("tells a replacement once, and that the old one goes %s", (_when, order, isDeletedFirst) => {
    const parts = order.map((op) => step(op, config, "web", { before: {}, after: {}, details: {} }));
    const told = preview(replace(config, "web", {}, {}, { keys: ["data"] }), ...parts).resources.filter(
      ({ name }) => name === "web",
    );
    expect(told).toMatchObject([{ action: "replace", replaceKeys: ["data"], isDeletedFirst }]);
  });

  it("believes the last word on a resource", () => {
    const { resourcePreEvent } = create(config, "web", { data: { a: "later" } });
    const { resources } = preview(create(config, "web", { data: { a: "early" } }), {
      resOutputsEvent: resourcePreEvent,
    });
    expect(resources.find(({ name }) => name === "web")?.after?.inputs.data).toEqual({ a: "later" });
  });

  it("has the same order whatever order the engine worked in", () => {
    const steps = [create(config, "b"), create(config, "a"), create("core/v1:Secret", "a")];
    expect(preview(...steps)).toEqual(preview(...steps.toReversed()));
  });

  it("puts a resource with the outermost component that it belongs to", () => {
    const inner = component("inner", testing.urnOf("roost:parts:Part", "outer"));
    const parent = testing.urnOf("roost:parts:Part", "inner");
    const { resources } = preview(
      component("outer"),
      inner,
      create(config, "deep", {}, { parent }),
      create(config, "bare"),
    );
    const componentOf = (name: string) => resources.find((each) => each.name === name)?.component;
    expect([componentOf("deep"), componentOf("outer"), componentOf("bare")]).toEqual(["outer", "outer", undefined]);
  });

  it("is the first where there was nothing, and unfinished where the engine did not come to its end", () => {
    const first = previewOf(parseEvents(lines(create("pulumi:pulumi:Stack", "roost-dev"), create(config, "web"))));
    expect(first).toMatchObject({ isFirst: true, isFinished: false });
    expect(preview(create(config, "web"))).toMatchObject({ isFirst: false, isFinished: true });
  });

  it("has the stack's outputs, unless the program did not come so far", () => {
    const stack = step("update", "pulumi:pulumi:Stack", "roost-dev", {
      before: {},
      after: {},
      details: { outputs: { url: "https://new" }, old: { outputs: { url: "https://old" } } },
    });
    expect(previewOf(parseEvents(lines(stack, summary))).outputs).toEqual({
      before: { url: "https://old" },
      after: { url: "https://new" },
    });
    expect(previewOf(parseEvents(lines(stack, message("error", "no"), summary))).outputs).toBeUndefined();
    expect(previewOf(parseEvents(lines(stack))).outputs).toBeUndefined();
  });

  it("repeats a message once, without colours, and none that is for the moment", () => {
    const { messages } = preview(
      message("warning", "<{%fg 3%}>deprecated<{%reset%}>\n"),
      message("warning", "\u001b[33mdeprecated\u001b[0m"),
      message("info#err", "said on standard error"),
      message("debug", "trace"),
      message("info", "  "),
      { diagnosticEvent: { message: "still working", severity: "info", ephemeral: true } },
      { errorEvent: { error: "it broke" } },
    );
    expect(messages.map(({ severity, text }) => `${severity}: ${text}`)).toEqual([
      "warning: deprecated",
      "info: said on standard error",
      "error: it broke",
    ]);
  });

  it("knows which policy packs judged it, and what they mended", () => {
    const { policyPacks, remediations } = preview(
      { policyRemediationEvent: { resourceUrn: "u", policyName: "tag", policyPackName: "roost" } },
      { summaryEvent: { PolicyPacks: { roost: "v1.2.3" } } },
    );
    expect({ policyPacks, remediations }).toEqual({
      policyPacks: ["roost v1.2.3"],
      remediations: [{ policy: "tag", urn: "u" }],
    });
  });
});

describe("a path", () => {
  it.each([
    ["spec.replicas", ["spec", "replicas"]],
    ["spec.containers[0].env", ["spec", "containers", 0, "env"]],
    ['metadata.annotations["example.org/a.b"]', ["metadata", "annotations", "example.org/a.b"]],
    ['data["say \\"hi\\""].x', ["data", 'say "hi"', "x"]],
    ['["a"][12]', ["a", 12]],
  ])("%s is read key by key", (path, keys) => {
    expect(parsePath(path)).toEqual(keys);
  });
});
