import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { readOnlyRoot } from "./read-only-root.ts";
import { web, webPath } from "./testing.ts";

describe("workloads-read-only-root", () => {
  itJudges(readOnlyRoot, {
    passes: { "a file system that is read-only": web({ securityContext: { readOnlyRootFilesystem: true } }) },
    fails: {
      "a container that says nothing": [web({}), 'container "web" can write to its root file system'],
      "a container that says no": [web({ securityContext: { readOnlyRootFilesystem: false } }), "can write"],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: {
      "what is not known": withUnknown(
        web({ securityContext: { readOnlyRootFilesystem: true } }),
        `${webPath}.securityContext.readOnlyRootFilesystem`,
      ),
    },
  });
});
