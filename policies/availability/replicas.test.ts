import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { replicas } from "./replicas.ts";
import { ha, others, web } from "./testing.ts";

describe("availability-replicas", () => {
  const operator = object("Deployment", {
    metadata: { name: "operator", namespace: "operators" },
    spec: { replicas: 1 },
  });

  itJudges(replicas, {
    passes: {
      "two pods": [ha, web(2)],
      "what cannot be two": [ha, web(1, {}, "synapse")],
      "what serves a namespace that need not be available": [
        ha,
        object("Namespace", { metadata: { name: "operators", labels: { "roost/availability": "single" } } }),
        operator,
      ],
      "a pod on every node": [ha, object("DaemonSet", { metadata: { namespace: "chat" } }), web(2)],
    },
    fails: {
      "one pod": [[ha, web(1)], "chat/web has one pod, less than 2"],
      "as many as Kubernetes makes by itself": [
        [ha, object("StatefulSet", { metadata: { name: "db", namespace: "chat" } })],
        "chat/db has one pod",
      ],
      "a pod that nothing makes again": [
        [ha, object("Pod", { metadata: { name: "a", namespace: "chat" } })],
        "chat/a has one pod",
      ],
      "one pod in a namespace that serves the others": [
        [ha, object("Namespace", { metadata: { name: "operators" } }), operator],
        "operators/operator has one pod",
      ],
    },
    ignores: others,
    undecided: { "a number that is not known": [ha, withUnknown(web(1), "spec.replicas")] },
  });
});

describe("availability-replicas, as an operator may set it", () => {
  itJudges(replicas, {
    settings: { minimum: 3, single: { bridge: "The network on its other side takes one connection only." } },
    passes: { "three pods, and one that cannot be two": [ha, web(3), web(1, {}, "bridge")] },
    fails: { "two pods": [[ha, web(2)], "chat/web has 2 pods, less than 3"] },
    ignores: others,
  });
});
