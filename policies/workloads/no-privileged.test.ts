import { describe } from "@jest/globals";
import { deployment, itJudges, object, withUnknown } from "../pack/testing.ts";
import { noPrivileged } from "./no-privileged.ts";

const privileged = { securityContext: { privileged: true } };

describe("workloads-no-privileged", () => {
  itJudges(noPrivileged, {
    passes: {
      "a container that says nothing": deployment({ containers: [{ name: "web" }] }),
      "a container that says no": deployment({ containers: [{ name: "web", securityContext: { privileged: false } }] }),
    },
    fails: {
      "a privileged container": [
        deployment({ containers: [{ name: "web", ...privileged }] }),
        'container "web" is privileged',
      ],
      "each privileged container, of every kind": [
        deployment({
          initContainers: [{ name: "prepare", ...privileged }],
          containers: [{ name: "web", ...privileged }],
          ephemeralContainers: [{ name: "look", ...privileged }],
        }),
        "prepare",
        "web",
        "look",
      ],
    },
    ignores: { "what makes no pods": object("ConfigMap", { data: { privileged: "true" } }) },
    undecided: {
      "a container whose privilege is not known": withUnknown(
        deployment({ containers: [{ name: "web", ...privileged }] }),
        "spec.template.spec.containers.0.securityContext.privileged",
      ),
    },
  });
});
