import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { noDefaultAccountBinding } from "./no-default-account-binding.ts";
import { binding, clusterBinding, role } from "./testing.ts";

const standard = { kind: "ServiceAccount", name: "default", namespace: "chat" };

describe("identity-no-default-account-binding", () => {
  itJudges(noDefaultAccountBinding, {
    passes: {
      "an account of its own": binding({}),
      "a person of that name": binding({ subjects: [{ kind: "User", name: "default" }] }),
    },
    fails: {
      "the default account": [binding({ subjects: [standard] }), 'the default service account of "chat"'],
      "the default account of another namespace": [
        clusterBinding({ subjects: [{ ...standard, namespace: "tools" }] }),
        'the default service account of "tools"',
      ],
      "one that says no namespace": [
        binding({ subjects: [{ kind: "ServiceAccount", name: "default" }] }),
        'the default service account of "chat"',
      ],
      "every account of a namespace": [
        binding({ subjects: [{ kind: "Group", name: "system:serviceaccounts:chat" }] }),
        'every service account of "chat"',
      ],
    },
    ignores: { "what binds nothing": role() },
    undecided: { "an account that is not known": withUnknown(binding({ subjects: [standard] }), "subjects.0.name") },
  });
});
