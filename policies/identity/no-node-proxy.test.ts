import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { noNodeProxy } from "./no-node-proxy.ts";
import { clusterRole, role } from "./testing.ts";

const proxy = { apiGroups: [""], resources: ["nodes/proxy"], verbs: ["get"] };

describe("identity-no-node-proxy", () => {
  itJudges(noNodeProxy, {
    passes: {
      metrics: clusterRole({ ...proxy, resources: ["nodes", "nodes/metrics", "nodes/stats"] }),
      "the proxy of Services": clusterRole({ ...proxy, resources: ["services/proxy"] }),
    },
    fails: {
      "to get": [clusterRole(proxy), "rules[0] allows to get nodes/proxy"],
      "to create": [clusterRole({ ...proxy, verbs: ["create"] }), "allows to create nodes/proxy"],
      "every proxy": [clusterRole({ ...proxy, resources: ["*/proxy"] }), "nodes/proxy"],
    },
    ignores: { "a role in a namespace, where nodes do not lie": role(proxy) },
    undecided: { "resources that are not known": withUnknown(clusterRole(proxy), "rules.0.resources") },
  });
});
