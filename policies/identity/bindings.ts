import { isKind, type KubernetesResource, type Resource } from "../pack/resource.ts";

export type Binding = KubernetesResource<"RoleBinding"> | KubernetesResource<"ClusterRoleBinding">;

export function bindingOf(resource: Resource): Binding | undefined {
  return isKind(resource, "RoleBinding") || isKind(resource, "ClusterRoleBinding") ? resource : undefined;
}
