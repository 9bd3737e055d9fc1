import { describe } from "@jest/globals";
import type { Kinds } from "../pack/kubernetes.ts";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { rollingUpdates } from "./rolling-updates.ts";

describe("availability-rolling-updates", () => {
  const web = (spec: Kinds["Deployment"]["spec"]) => object("Deployment", { spec: { replicas: 2, ...spec } });
  const rolling = (maxUnavailable: number | string) => ({ type: "RollingUpdate", rollingUpdate: { maxUnavailable } });

  itJudges(rollingUpdates, {
    passes: {
      "one pod after the other": web({ strategy: rolling(0) }),
      "a share of the pods": web({ strategy: rolling("25%") }),
      "Kubernetes's own default": web({}),
      "a StatefulSet": object("StatefulSet", { spec: { replicas: 3, updateStrategy: rolling(2) } }),
    },
    fails: {
      "all at once": [web({ strategy: { type: "Recreate" } }), "an update ends all 2 pods before it makes new ones"],
      "as many as there are": [web({ strategy: rolling(2) }), "an update may end 2 of 2 pods at once"],
      "a share that is all": [web({ strategy: rolling("100%") }), "an update may end 100% of 2 pods at once"],
      "all pods of a StatefulSet": [
        object("StatefulSet", { spec: { replicas: 2, updateStrategy: rolling(2) } }),
        "an update may end 2 of 2 pods",
      ],
    },
    ignores: {
      "a pod alone": object("Deployment", { spec: { replicas: 1, strategy: { type: "Recreate" } } }),
      "what is not updated so": object("DaemonSet", { spec: { updateStrategy: rolling("100%") } }),
      "another kind": object("Service", {}),
    },
    undecided: { "a strategy that is not known": withUnknown(web({ strategy: rolling(0) }), "spec.strategy.type") },
  });
});
