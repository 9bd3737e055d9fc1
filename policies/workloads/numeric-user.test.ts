import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { numericUser } from "./numeric-user.ts";
import { web, webPath } from "./testing.ts";

const user = { runAsUser: 991, runAsGroup: 991 };
const root = { runAsUser: 0, runAsGroup: 0 };

/** Whoever is in root's group to read the folder. */
function reader(path: string) {
  const volumeMounts = [{ name: "node", mountPath: path, readOnly: true }];
  const spec = {
    securityContext: { ...user, supplementalGroups: [0] },
    volumes: [{ name: "node", hostPath: { path } }],
    containers: [{ name: "collector", volumeMounts }],
  };
  return object("DaemonSet", { metadata: { name: "collector" }, spec: { template: { spec } } });
}

describe("workloads-numeric-user", () => {
  itJudges(numericUser, {
    passes: {
      "a user and a group of the pod": web({}, { securityContext: { ...user, fsGroup: 991, supplementalGroups: [7] } }),
      "a user and a group of the container": web({ securityContext: user }),
      "root's group for who only reads the logs of nodes": reader("/var/log/pods"),
      "the container's before the pod's": web({ securityContext: user }, { securityContext: root }),
    },
    fails: {
      "no numbers": [web({}), 'container "web" has no runAsUser', 'container "web" has no runAsGroup'],
      "root's numbers": [web({ securityContext: root }), "has runAsUser 0, which is below 1", "has runAsGroup 0"],
      "volumes of root's group": [web({ securityContext: user }, { securityContext: { fsGroup: 0 } }), "root's group"],
      "root's group for who reads another folder": [reader("/etc"), "root's group"],
      "root's group beside others": [
        web({ securityContext: user }, { securityContext: { supplementalGroups: [7, 0] } }),
        "root's group",
      ],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: {
      "a user that is not known": withUnknown(web({ securityContext: user }), `${webPath}.securityContext.runAsUser`),
    },
  });

  describe("with a minimum", () => {
    itJudges(numericUser, {
      settings: { minimum: 10_000 },
      passes: { "a number of at least that": web({ securityContext: { runAsUser: 10_000, runAsGroup: 10_000 } }) },
      fails: {
        "numbers below it": [
          web({ securityContext: user }),
          "has runAsUser 991, which is below 10000",
          "has runAsGroup 991, which is below 10000",
        ],
      },
      ignores: {},
    });
  });
});
