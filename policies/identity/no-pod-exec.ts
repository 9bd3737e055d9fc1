import { permissionRule, roleOf } from "./permissions.ts";

export const noPodExec = permissionRule({
  id: "identity-no-pod-exec",
  title: "No role runs commands in containers, or adds containers to pods that run",
  why: "A command in a container has the secrets, files and connections of the service there. What it does leaves no trace in any manifest.",
  fix: "Remove the permission; people who must look inside get it for the time that they need it, outside the stack.",
  severity: "high",
  controls: { nsa: ["access/rbac"], iso: ["A.8.2", "A.8.18"], gbt: ["8.1.4.2 d)"] },
  roles: roleOf,
  permissions: [
    // To get is enough where the connection is a WebSocket: https://github.com/kubernetes/kubernetes/issues/78741
    { group: "", resources: ["pods/exec", "pods/attach"], verbs: ["create", "get"] },
    { group: "", resources: ["pods/ephemeralcontainers"], verbs: ["update", "patch"] },
  ],
});
