import { permissionRule, roleOf } from "./permissions.ts";

export const noTokenCreation = permissionRule({
  id: "identity-no-token-creation",
  title: "No role makes tokens of whichever service account it likes",
  why: "With such a token an account acts as any other of the namespace, or of the cluster. The token lives on when the permission is taken away.",
  fix: "Name the service accounts in `resourceNames`, or mount a projected token into the pod that needs it.",
  severity: "high",
  controls: { cis: ["5.1.13"], nsa: ["access/rbac"], iso: ["A.5.17", "A.8.2"], gbt: ["8.1.4.2 d)"] },
  roles: roleOf,
  permissions: [{ group: "", resources: ["serviceaccounts/token"], verbs: ["create"], unlessNamed: true }],
});
