import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { noClusterWideSecrets } from "./no-cluster-wide-secrets.ts";
import { clusterRole, role } from "./testing.ts";

const secrets = { apiGroups: [""], resources: ["secrets"], verbs: ["get"] };

describe("identity-no-cluster-wide-secrets", () => {
  itJudges(noClusterWideSecrets, {
    passes: {
      "one that is named": clusterRole({ ...secrets, resourceNames: ["web-tls"] }),
      "making them": clusterRole({ ...secrets, verbs: ["create"] }),
      "other objects": clusterRole({ ...secrets, resources: ["configmaps"] }),
      "secrets of an API that is not Kubernetes' own": clusterRole({ ...secrets, apiGroups: ["example.org"] }),
    },
    fails: {
      "reading them": [clusterRole(secrets), "rules[0] allows to get secrets"],
      "lists, which have the contents": [
        clusterRole({ ...secrets, verbs: ["list", "watch"] }),
        "allows to list, watch secrets",
      ],
      "whatever there is": [
        clusterRole({ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }),
        "allows to get, list, watch secrets",
      ],
      "all names, though a list of them is there": [clusterRole({ ...secrets, resourceNames: [] }), "secrets"],
    },
    ignores: { "a role in a namespace": role(secrets) },
    undecided: {
      "a role of which one rule is not known": withUnknown(clusterRole(secrets), "rules.0.apiGroups"),
    },
  });
});
