import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noNodePinning } from "./no-node-pinning.ts";
import { podPath, web } from "./testing.ts";

describe("workloads-no-node-pinning", () => {
  itJudges(noNodePinning, {
    passes: {
      "a pod that says nothing": web({}),
      "a toleration of other nodes": web({}, { tolerations: [{ key: "gpu", operator: "Exists" }] }),
      "a toleration of nodes that fail": web(
        {},
        { tolerations: [{ operator: "Exists", effect: "NoExecute" }, { key: "node.kubernetes.io/not-ready" }] },
      ),
    },
    fails: {
      "a node by name": [web({}, { nodeName: "node-1" }), 'names its node, "node-1"'],
      "nodes of the control plane": [
        web({}, { tolerations: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] }),
        "tolerates node-role.kubernetes.io/control-plane",
      ],
      "every node": [web({}, { tolerations: [{ operator: "Exists" }] }), "tolerates every taint"],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: { "a node that is not known": withUnknown(web({}, { nodeName: "" }), `${podPath}.nodeName`) },
  });
});
