import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noWildcards } from "./no-wildcards.ts";
import { clusterRole, role } from "./testing.ts";

const pods = { apiGroups: [""], resources: ["pods"], verbs: ["get"] };

describe("identity-no-wildcards", () => {
  itJudges(noWildcards, {
    passes: {
      "what is listed": role(pods),
      "no rules": clusterRole(),
      "all below a path": clusterRole({ nonResourceURLs: ["/metrics/*"], verbs: ["get"] }),
    },
    fails: {
      "all verbs": [role({ ...pods, verbs: ["*"] }), 'rules[0] has "*" among its verbs'],
      "all resources, of all groups": [
        clusterRole(pods, { ...pods, apiGroups: ["*"], resources: ["*"] }),
        'rules[1] has "*" among its apiGroups',
        'rules[1] has "*" among its resources',
      ],
      "one thing of all resources": [role({ ...pods, resources: ["*/status"] }), '"*/status" among its resources'],
      "all paths": [clusterRole({ nonResourceURLs: ["*"], verbs: ["get"] }), '"*" among its nonResourceURLs'],
    },
    ignores: { "what is no role": object("ServiceAccount", {}) },
    undecided: { "verbs that are not known": withUnknown(role(pods), "rules.0.verbs") },
  });
});
