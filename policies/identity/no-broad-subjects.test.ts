import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { noBroadSubjects } from "./no-broad-subjects.ts";
import { binding, clusterBinding, role } from "./testing.ts";

const everybody = { kind: "Group", name: "system:authenticated" };
const strangers = { kind: "User", name: "system:anonymous" };

describe("identity-no-broad-subjects", () => {
  itJudges(noBroadSubjects, {
    passes: {
      "a service account": binding({}),
      "a group of people": clusterBinding({ subjects: [{ kind: "Group", name: "platform" }] }),
      nobody: binding({ subjects: [] }),
    },
    fails: {
      "strangers, in a namespace": [
        binding({ subjects: [strangers] }),
        "names system:anonymous, which is whoever does not sign in",
      ],
      "everybody, in the cluster": [
        clusterBinding({ subjects: [everybody] }),
        "names system:authenticated, which is whoever signs in",
      ],
      "every service account": [
        clusterBinding({ subjects: [{ kind: "Group", name: "system:serviceaccounts" }] }),
        "every service account of the cluster",
      ],
      "each of several": [binding({ subjects: [strangers, everybody] }), "system:anonymous", "system:authenticated"],
    },
    ignores: { "what binds nothing": role() },
    undecided: {
      "a subject that is not known": withUnknown(binding({ subjects: [everybody] }), "subjects.0.name"),
    },
  });
});
