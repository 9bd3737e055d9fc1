import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noHostProcess } from "./no-host-process.ts";
import { web, webPath } from "./testing.ts";

describe("workloads-no-host-process", () => {
  const windowsOptions = { hostProcess: true };

  itJudges(noHostProcess, {
    passes: {
      "a container that says nothing": web({}),
      "one that says no where its pod says yes": web(
        { securityContext: { windowsOptions: { hostProcess: false } } },
        { securityContext: { windowsOptions } },
      ),
    },
    fails: {
      "a container that is one": [web({ securityContext: { windowsOptions } }), '"web" runs as a process of the node'],
      "a pod that is one": [web({}, { securityContext: { windowsOptions } }), '"web" runs as a process of the node'],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: {
      "what is not known": withUnknown(
        web({ securityContext: { windowsOptions } }),
        `${webPath}.securityContext.windowsOptions.hostProcess`,
      ),
    },
  });
});
