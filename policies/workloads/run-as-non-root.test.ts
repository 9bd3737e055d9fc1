import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { runAsNonRoot } from "./run-as-non-root.ts";
import { podPath, web } from "./testing.ts";

describe("workloads-run-as-non-root", () => {
  itJudges(runAsNonRoot, {
    passes: {
      "a pod that says so": web({}, { securityContext: { runAsNonRoot: true } }),
      "a container that says so": web({ securityContext: { runAsNonRoot: true } }),
    },
    fails: {
      "a container that says nothing": [web({}), 'container "web" may run as root'],
      "a container that takes it back": [
        web({ securityContext: { runAsNonRoot: false } }, { securityContext: { runAsNonRoot: true } }),
        "may run as root",
      ],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: {
      "what is not known": withUnknown(
        web({}, { securityContext: { runAsNonRoot: true } }),
        `${podPath}.securityContext.runAsNonRoot`,
      ),
    },
  });
});
