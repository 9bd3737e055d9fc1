import { clusterRoleOf, permissionRule } from "./permissions.ts";

export const noClusterWideSecrets = permissionRule({
  id: "identity-no-cluster-wide-secrets",
  title: "No role reads the Secrets of all namespaces",
  why: "Whoever takes over such an account has every password and key of the cluster at once. List and watch are enough: they answer with the contents.",
  fix: "Give a Role in the namespaces that it is about, or name the Secrets in `resourceNames`.",
  severity: "high",
  controls: { cis: ["5.1.2"], nsa: ["access/rbac", "network/secrets"], iso: ["A.5.17", "A.8.3"], gbt: ["8.1.4.2 d)"] },
  roles: clusterRoleOf,
  permissions: [{ group: "", resources: ["secrets"], verbs: ["get", "list", "watch"], unlessNamed: true }],
});
