import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { podSecurityAdmission } from "./pod-security-admission.ts";

const label = "pod-security.kubernetes.io/enforce";

const namespace = (level?: string, name = "chat") =>
  object("Namespace", { metadata: { name, labels: level === undefined ? {} : { [label]: level } } });

describe("workloads-pod-security-admission", () => {
  itJudges(podSecurityAdmission, {
    passes: {
      "a namespace that enforces restricted": namespace("restricted"),
      "one for the collector of logs": object("Namespace", {
        metadata: { name: "logs", labels: { [label]: "privileged", "roost/node-agent": "logs" } },
      }),
    },
    fails: {
      "a namespace that enforces nothing": [namespace(), 'namespace "chat" enforces no Pod Security Standard'],
      "a namespace that enforces less": [namespace("baseline"), "enforces baseline, which is less than restricted"],
      "another agent of nodes": [
        object("Namespace", {
          metadata: { name: "agents", labels: { [label]: "privileged", "roost/node-agent": "gpu" } },
        }),
        "less than restricted",
      ],
      "a level that does not exist": [namespace("strict"), "enforces no Pod Security Standard"],
    },
    ignores: { "other objects": object("ConfigMap", {}) },
    undecided: {
      "labels that are not known": withUnknown(namespace("restricted"), "metadata.labels"),
    },
  });

  describe("with exceptions", () => {
    itJudges(podSecurityAdmission, {
      settings: { minimum: "baseline", exceptions: { agents: "privileged" } },
      passes: {
        "a namespace that enforces the minimum": namespace("baseline"),
        "an exception": namespace("privileged", "agents"),
      },
      fails: {
        "less than the minimum": [namespace("privileged"), "less than baseline"],
        "an exception that enforces nothing": [namespace(undefined, "agents"), 'namespace "agents" enforces no'],
      },
      ignores: {},
    });
  });
});
