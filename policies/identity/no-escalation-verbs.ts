import { permissionRule, roleOf } from "./permissions.ts";

export const noEscalationVerbs = permissionRule({
  id: "identity-no-escalation-verbs",
  title: "No role lets its subjects give themselves more, or act as somebody else",
  why: "With bind or escalate an account gives itself any role, and with impersonate it acts as any other. Each is as good as being the administrator, though the role does not look like it.",
  fix: "Remove the verb: without it Kubernetes lets an account grant only what it has itself.",
  severity: "critical",
  controls: { cis: ["5.1.8"], nsa: ["access/rbac"], iso: ["A.5.3", "A.8.2"], gbt: ["8.1.4.2 d)", "8.1.4.2 e)"] },
  roles: roleOf,
  permissions: [
    { group: "rbac.authorization.k8s.io", resources: ["roles", "clusterroles"], verbs: ["bind", "escalate"] },
    { group: "", resources: ["users", "groups", "serviceaccounts"], verbs: ["impersonate"] },
  ],
});
