import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noSharedProcessNamespace } from "./no-shared-process-namespace.ts";
import { podPath, web } from "./testing.ts";

describe("workloads-no-shared-process-namespace", () => {
  itJudges(noSharedProcessNamespace, {
    passes: { "a pod that says nothing": web({}), "a pod that says no": web({}, { shareProcessNamespace: false }) },
    fails: { "a pod that says yes": [web({}, { shareProcessNamespace: true }), "share their process ids"] },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: {
      "what is not known": withUnknown(web({}, { shareProcessNamespace: true }), `${podPath}.shareProcessNamespace`),
    },
  });
});
