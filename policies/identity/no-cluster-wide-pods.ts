import { clusterRoleOf, permissionRule } from "./permissions.ts";

const verbs = ["create", "update", "patch"];

export const noClusterWidePods = permissionRule({
  id: "identity-no-cluster-wide-pods",
  title: "No role makes or changes pods in all namespaces",
  why: "Whoever makes a pod in a namespace reads all its Secrets and acts as any of its service accounts. Where that is so in every namespace, it ends with the most powerful account of the cluster.",
  fix: "Give a Role in the namespaces that it is about.",
  severity: "high",
  controls: { cis: ["5.1.4"], nsa: ["access/rbac"], iso: ["A.8.2"], gbt: ["8.1.4.2 d)"] },
  roles: clusterRoleOf,
  permissions: [
    { group: "", resources: ["pods", "replicationcontrollers"], verbs },
    { group: "apps", resources: ["deployments", "statefulsets", "daemonsets", "replicasets"], verbs },
    { group: "batch", resources: ["jobs", "cronjobs"], verbs },
  ],
});
