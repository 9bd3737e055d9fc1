import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { noVolumeCreation } from "./no-volume-creation.ts";
import { clusterRole, role } from "./testing.ts";

const volumes = { apiGroups: [""], resources: ["persistentvolumes"], verbs: ["create"] };

describe("identity-no-volume-creation", () => {
  itJudges(noVolumeCreation, {
    passes: {
      claims: clusterRole({ ...volumes, resources: ["persistentvolumeclaims"] }),
      "looking at volumes": clusterRole({ ...volumes, verbs: ["get", "list", "watch"] }),
    },
    fails: {
      volumes: [clusterRole(volumes), "rules[0] allows to create persistentvolumes"],
      "changing volumes": [clusterRole({ ...volumes, verbs: ["update", "patch"] }), "allows to update, patch"],
    },
    ignores: { "a role in a namespace, where volumes do not lie": role(volumes) },
    undecided: { "resources that are not known": withUnknown(clusterRole(volumes), "rules.0.resources.0") },
  });
});
