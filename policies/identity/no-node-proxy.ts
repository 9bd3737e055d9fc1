import { clusterRoleOf, permissionRule } from "./permissions.ts";

export const noNodeProxy = permissionRule({
  id: "identity-no-node-proxy",
  title: "No role speaks to kubelets through the API server",
  why: "The kubelet runs commands in every container of its node, and neither admission nor the audit log sees it. To get is enough, since a WebSocket begins as one.",
  fix: "Replace `nodes/proxy` by what is really read, for example `nodes/metrics` or `nodes/stats`.",
  severity: "critical",
  controls: { cis: ["5.1.10"], nsa: ["access/rbac"], iso: ["A.8.2", "A.8.18"], gbt: ["8.1.4.2 d)"] },
  roles: clusterRoleOf,
  permissions: [{ group: "", resources: ["nodes/proxy"], verbs: ["get", "create", "update", "patch", "delete"] }],
});
