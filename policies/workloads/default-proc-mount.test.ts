import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { defaultProcMount } from "./default-proc-mount.ts";
import { web, webPath } from "./testing.ts";

describe("workloads-default-proc-mount", () => {
  itJudges(defaultProcMount, {
    passes: {
      "a container that says nothing": web({}),
      "the runtime's masks": web({ securityContext: { procMount: "Default" } }),
    },
    fails: {
      "all of it": [web({ securityContext: { procMount: "Unmasked" } }), 'container "web" mounts /proc as Unmasked'],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: {
      "what is not known": withUnknown(
        web({ securityContext: { procMount: "Default" } }),
        `${webPath}.securityContext.procMount`,
      ),
    },
  });
});
