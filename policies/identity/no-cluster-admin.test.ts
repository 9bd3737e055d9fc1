import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { noClusterAdmin } from "./no-cluster-admin.ts";
import { binding, clusterBinding, clusterRole } from "./testing.ts";

const clusterAdmin = { kind: "ClusterRole", name: "cluster-admin" };

describe("identity-no-cluster-admin", () => {
  itJudges(noClusterAdmin, {
    passes: {
      "a role of its own": clusterBinding({}),
      "a Role that only has the name": binding({ roleRef: { kind: "Role", name: "cluster-admin" } }),
    },
    fails: {
      "cluster-admin in the cluster": [clusterBinding({ roleRef: clusterAdmin }), "gives the role cluster-admin"],
      "cluster-admin in a namespace": [binding({ roleRef: clusterAdmin }), "gives the role cluster-admin"],
      "the group that is never asked": [
        clusterBinding({ subjects: [{ kind: "Group", name: "system:masters" }] }),
        "names the group system:masters",
      ],
    },
    ignores: { "what binds nothing": clusterRole() },
    undecided: { "a role that is not known": withUnknown(clusterBinding({ roleRef: clusterAdmin }), "roleRef.name") },
  });
});
