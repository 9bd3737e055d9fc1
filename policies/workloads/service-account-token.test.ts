import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { serviceAccountToken } from "./service-account-token.ts";
import { web } from "./testing.ts";

const account = (fields: { automountServiceAccountToken?: boolean }) =>
  object("ServiceAccount", { metadata: { name: "web", namespace: "chat" }, ...fields });

const bound = (kind: "RoleBinding" | "ClusterRoleBinding") =>
  object(kind, { subjects: [{ kind: "ServiceAccount", name: "web", namespace: "chat" }] });

describe("workloads-service-account-token", () => {
  itJudges(serviceAccountToken, {
    passes: {
      "a pod that takes none": [web({}, { automountServiceAccountToken: false })],
      "an account that gives none": [
        web({}, { serviceAccountName: "web" }),
        account({ automountServiceAccountToken: false }),
      ],
      "an account that is bound in its namespace": [web({}, { serviceAccountName: "web" }), bound("RoleBinding")],
      "an account that is bound in the cluster": [web({}, { serviceAccountName: "web" }), bound("ClusterRoleBinding")],
    },
    fails: {
      "what Kubernetes mounts unasked": [[web({})], 'a token of service account "chat/default"'],
      "what the account gives": [[web({}, { serviceAccountName: "web" }), account({})], '"chat/web"'],
      "what the pod takes though its account gives none": [
        [
          web({}, { serviceAccountName: "web", automountServiceAccountToken: true }),
          account({ automountServiceAccountToken: false }),
        ],
        '"chat/web"',
      ],
      "a binding of another account": [
        [web({}, { serviceAccountName: "other" }), bound("RoleBinding")],
        '"chat/other"',
      ],
    },
    ignores: { "a stack without pods": [bound("RoleBinding")] },
    undecided: {
      "a binding that is not known": [
        web({}, { serviceAccountName: "web" }),
        withUnknown(bound("RoleBinding"), "subjects.0.name"),
      ],
    },
  });

  describe("with an account that is allowed", () => {
    itJudges(serviceAccountToken, {
      settings: { allowed: ["chat/web"] },
      passes: { "its pods": [web({}, { serviceAccountName: "web" })] },
      fails: { "other pods": [[web({}, { serviceAccountName: "other" })], '"chat/other"'] },
      ignores: {},
    });
  });
});
