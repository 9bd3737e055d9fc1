import type { Kinds, PolicyRule } from "../pack/kubernetes.ts";
import type { KubernetesResource } from "../pack/resource.ts";
import { object } from "../pack/testing.ts";

/** A Role in the namespace `chat`. */
export function role(...rules: readonly PolicyRule[]): KubernetesResource<"Role"> {
  return object("Role", { metadata: { name: "web", namespace: "chat" }, rules });
}

export function clusterRole(...rules: readonly PolicyRule[]): KubernetesResource<"ClusterRole"> {
  return object("ClusterRole", { metadata: { name: "web" }, rules });
}

type BindingProps = Kinds["RoleBinding"];

/** A RoleBinding in the namespace `chat`, of the Role `web` to its own service account unless it says otherwise. */
export function binding({ roleRef, subjects }: Pick<BindingProps, "roleRef" | "subjects">) {
  return object("RoleBinding", {
    metadata: { name: "web", namespace: "chat" },
    roleRef: roleRef ?? { kind: "Role", name: "web" },
    subjects: subjects ?? [{ kind: "ServiceAccount", name: "web", namespace: "chat" }],
  });
}

/** The same for the whole cluster. */
export function clusterBinding({ roleRef, subjects }: Pick<BindingProps, "roleRef" | "subjects">) {
  return object("ClusterRoleBinding", {
    metadata: { name: "web" },
    roleRef: roleRef ?? { kind: "ClusterRole", name: "web" },
    subjects: subjects ?? [{ kind: "ServiceAccount", name: "web", namespace: "chat" }],
  });
}
