import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { seccomp } from "./seccomp.ts";
import { podPath, web } from "./testing.ts";

const profile = (type: string) => ({ securityContext: { seccompProfile: { type } } });

describe("workloads-seccomp", () => {
  itJudges(seccomp, {
    passes: {
      "the runtime's profile for the pod": web({}, profile("RuntimeDefault")),
      "a profile of the node for the container": web(profile("Localhost"), profile("Unconfined")),
    },
    fails: {
      "no profile": [web({}), 'container "web" has no seccomp profile'],
      "a container without confinement": [
        web(profile("Unconfined"), profile("RuntimeDefault")),
        "has the seccomp profile Unconfined",
      ],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: {
      "what is not known": withUnknown(web({}, profile("Localhost")), `${podPath}.securityContext.seccompProfile`),
    },
  });
});
