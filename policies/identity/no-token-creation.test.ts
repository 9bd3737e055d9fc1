import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noTokenCreation } from "./no-token-creation.ts";
import { clusterRole, role } from "./testing.ts";

const tokens = { apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] };

describe("identity-no-token-creation", () => {
  itJudges(noTokenCreation, {
    passes: {
      "tokens of one account that is named": role({ ...tokens, resourceNames: ["web"] }),
      "making accounts": role({ ...tokens, resources: ["serviceaccounts"] }),
    },
    fails: {
      "any account of the namespace": [role(tokens), "rules[0] allows to create serviceaccounts/token"],
      "any account of the cluster": [clusterRole(tokens), "allows to create serviceaccounts/token"],
      "everything below accounts": [role({ ...tokens, resources: ["*/token"] }), "serviceaccounts/token"],
    },
    ignores: { "what is no role": object("ServiceAccount", {}) },
    undecided: {
      "names that are not known": withUnknown(role({ ...tokens, resourceNames: [] }), "rules.0.resourceNames"),
    },
  });
});
