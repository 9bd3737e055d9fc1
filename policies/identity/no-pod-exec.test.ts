import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noPodExec } from "./no-pod-exec.ts";
import { clusterRole, role } from "./testing.ts";

const exec = { apiGroups: [""], resources: ["pods/exec"], verbs: ["create"] };

describe("identity-no-pod-exec", () => {
  itJudges(noPodExec, {
    passes: {
      "pods and their logs": role({ ...exec, resources: ["pods", "pods/log"], verbs: ["create", "get"] }),
      "leaving off": role({ ...exec, verbs: ["delete"] }),
    },
    fails: {
      "in a namespace": [role(exec), "rules[0] allows to create pods/exec"],
      "in the cluster": [clusterRole({ ...exec, resources: ["pods/attach"] }), "allows to create pods/attach"],
      "by a WebSocket": [role({ ...exec, verbs: ["get"] }), "allows to get pods/exec"],
      "a container that is added": [
        role({ ...exec, resources: ["pods/ephemeralcontainers"], verbs: ["patch"] }),
        "allows to patch pods/ephemeralcontainers",
      ],
      "each rule that allows it": [role(exec, exec), "rules[0]", "rules[1]"],
    },
    ignores: { "what is no role": object("ServiceAccount", {}) },
    undecided: { "a group that is not known": withUnknown(role(exec), "rules.0.apiGroups") },
  });
});
