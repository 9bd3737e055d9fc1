import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noPrivilegeEscalation } from "./no-privilege-escalation.ts";
import { web, webPath } from "./testing.ts";

describe("workloads-no-privilege-escalation", () => {
  itJudges(noPrivilegeEscalation, {
    passes: { "a container that says no": web({ securityContext: { allowPrivilegeEscalation: false } }) },
    fails: {
      "a container that says nothing": [web({}), 'container "web" may gain privileges'],
      "a container that says yes": [
        web({ securityContext: { allowPrivilegeEscalation: true } }),
        "may gain privileges",
      ],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: {
      "what is not known": withUnknown(
        web({ securityContext: { allowPrivilegeEscalation: false } }),
        `${webPath}.securityContext.allowPrivilegeEscalation`,
      ),
    },
  });
});
