import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noEscalationVerbs } from "./no-escalation-verbs.ts";
import { clusterRole, role } from "./testing.ts";

const roles = { apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles"], verbs: ["bind"] };
const accounts = { apiGroups: [""], resources: ["serviceaccounts"], verbs: ["impersonate"] };

describe("identity-no-escalation-verbs", () => {
  itJudges(noEscalationVerbs, {
    passes: {
      "making roles, which Kubernetes keeps within what one has": role({ ...roles, verbs: ["create", "update"] }),
      "making accounts": role({ ...accounts, verbs: ["create"] }),
    },
    fails: {
      "bind in a namespace": [role(roles), "rules[0] allows to bind roles"],
      "escalate in the cluster": [
        clusterRole({ ...roles, resources: ["roles", "clusterroles"], verbs: ["escalate"] }),
        "allows to escalate roles, clusterroles",
      ],
      impersonation: [role(accounts), "allows to impersonate serviceaccounts"],
      "any verb": [role({ ...accounts, verbs: ["*"] }), "allows to impersonate serviceaccounts"],
    },
    ignores: { "what is no role": object("ServiceAccount", {}) },
    undecided: { "verbs that are not known": withUnknown(role(roles), "rules.0.verbs") },
  });
});
