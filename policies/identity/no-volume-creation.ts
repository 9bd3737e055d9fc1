import { clusterRoleOf, permissionRule } from "./permissions.ts";

export const noVolumeCreation = permissionRule({
  id: "identity-no-volume-creation",
  title: "No role makes persistent volumes",
  why: "A persistent volume can be any folder of a node, so that whoever makes one gets round every rule about pods. A storage class makes volumes for those who claim them.",
  fix: "Give `persistentvolumeclaims` instead, and let a storage class make the volumes.",
  severity: "high",
  controls: { cis: ["5.1.9"], nsa: ["access/rbac"], iso: ["A.8.2"], gbt: ["8.1.4.2 d)"] },
  roles: clusterRoleOf,
  permissions: [{ group: "", resources: ["persistentvolumes"], verbs: ["create", "update", "patch"] }],
});
