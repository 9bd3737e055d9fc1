import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { noClusterWidePods } from "./no-cluster-wide-pods.ts";
import { clusterRole, role } from "./testing.ts";

const pods = { apiGroups: [""], resources: ["pods"], verbs: ["create"] };

describe("identity-no-cluster-wide-pods", () => {
  itJudges(noClusterWidePods, {
    passes: {
      "looking at pods": clusterRole({ ...pods, verbs: ["get", "list", "watch", "delete"] }),
      "objects that an operator makes pods from": clusterRole({
        apiGroups: ["postgresql.cnpg.io"],
        resources: ["clusters"],
        verbs: ["create"],
      }),
    },
    fails: {
      "making pods": [clusterRole(pods), "rules[0] allows to create pods"],
      "what makes pods, each by its group": [
        clusterRole(
          { apiGroups: ["apps"], resources: ["deployments", "daemonsets"], verbs: ["patch", "get"] },
          { apiGroups: ["batch"], resources: ["cronjobs"], verbs: ["update"] },
        ),
        "rules[0] allows to patch deployments, daemonsets",
        "rules[1] allows to update cronjobs",
      ],
      "everything of a group": [
        clusterRole({ apiGroups: ["batch"], resources: ["*"], verbs: ["*"] }),
        "allows to create, update, patch jobs, cronjobs",
      ],
    },
    ignores: { "a role in a namespace": role(pods) },
    undecided: { "resources that are not known": withUnknown(clusterRole(pods), "rules.0.resources") },
  });
});
