import { describe, expect, it } from "@jest/globals";
import { Undecided } from "../../policies/pack/undecided.ts";
import { parseState } from "./state.ts";
import { encryptedSecret, exported, notLearnt, plain, shownSecret, stackUrn, urnOf, workload } from "./testing.ts";

const props = (inputs: object, outputs: object = {}) => {
  const [, resource] = parseState(exported([{ inputs, outputs }])).resources;
  return { alone: resource?.alone.props, inStack: resource?.inStack.props };
};

describe("an exported state", () => {
  it("says whose it is, and who wrote it when", () => {
    expect(parseState(exported([workload("web", plain)]))).toMatchObject({
      project: "roost",
      stack: "dev",
      stackUrn,
      engine: "v3.228.0",
      written: "2026-06-01T08:00:00.500Z",
    });
  });

  it("shows rules inputs where they judge a resource alone, and outputs where they judge the stack", () => {
    expect(props({ replicas: 1 }, { replicas: 2 })).toEqual({ alone: { replicas: 1 }, inStack: { replicas: 2 } });
  });

  it("shows inputs in both places where an update left no outputs", () => {
    expect(props({ replicas: 1 })).toEqual({ alone: { replicas: 1 }, inStack: { replicas: 1 } });
  });

  it("shows secrets that were exported in the clear, and remembers them", () => {
    const state = parseState(exported([{ inputs: { data: shownSecret({ password: "correct horse" }) } }]));
    expect(state.resources[1]?.alone.props).toEqual({ data: { password: "correct horse" } });
    expect([...state.secrets.texts]).toEqual(["correct horse"]);
  });

  it.each([
    ["a secret that is encrypted", encryptedSecret, "it is encrypted"],
    ["a value that the engine had not learnt", notLearnt, "had not learnt it"],
  ])("lets nobody read %s", (_, value, why) => {
    const { alone = {} } = props({ spec: { password: value, user: "ada" } });
    expect(() => JSON.stringify(alone)).toThrow(Undecided);
    expect(() => JSON.stringify(alone)).toThrow(new RegExp(`\\.spec\\.password is not known: .*${why}`));
    expect(Reflect.get(Reflect.get(alone, "spec"), "user")).toBe("ada");
  });

  it("sets aside what is about to go, and names updates that were broken off", () => {
    const state = parseState(
      exported(
        [workload("web"), { ...workload("web"), delete: true }, { ...workload("edge"), pendingReplacement: true }],
        {
          pending_operations: [{ type: "creating", resource: { urn: urnOf("new"), type: "x" } }],
        },
      ),
    );
    expect(state.resources.map(({ alone }) => alone.urn)).toEqual([stackUrn, urnOf("web")]);
    expect(state.leaving.map(({ urn }) => urn)).toEqual([urnOf("web"), urnOf("edge")]);
    expect(state.pending).toEqual([{ urn: urnOf("new"), operation: "creating" }]);
  });
});

describe("a file that is no exported state", () => {
  it.each([
    ["text", "resources: []", "not JSON"],
    ["other JSON", '{"kind": "List"}', "no exported state of version 3 or 4: version"],
    ["a later version", '{"version": 5, "deployment": {}}', "no exported state of version 3 or 4: version"],
    [
      "a resource without a URN",
      '{"version": 3, "deployment": {"resources": [{"type": "x"}]}}',
      "deployment.resources.0.urn",
    ],
    ["a backend's own file", '{"version": 3, "checkpoint": {}}', "pulumi stack export"],
    ["a state of nothing", '{"version": 3, "deployment": {}}', "nothing to audit"],
  ])("is refused with the reason: %s", (_, text, reason) => {
    expect(() => parseState(text)).toThrow(reason);
    expect(() => parseState(text)).not.toThrow(/\n/);
  });
});
