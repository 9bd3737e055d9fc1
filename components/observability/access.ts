import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Peer } from "../network/index.ts";

/** What somebody may do at the Kubernetes API. */
export interface Permission {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const apiGroup = "rbac.authorization.k8s.io";

/** Namespaces, and what must be there before anything is made in each. */
export type Namespaces = ReadonlyMap<string, pulumi.Resource>;

function written({ apiGroups, resources, verbs }: Permission) {
  return { apiGroups: [...apiGroups], resources: [...resources], verbs: [...verbs] };
}

function subjectsOf({ name, namespace }: Peer) {
  return [{ kind: "ServiceAccount", name, namespace }];
}

/** Gives the peer's ServiceAccount the rules in these namespaces. */
export function allowIn(
  namespaces: Namespaces,
  peer: Peer,
  rules: readonly Permission[],
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  return [...namespaces].map(([namespace, dependsOn]) => {
    const metadata = { name: peer.name, namespace };
    const options = { ...opts, dependsOn };
    const name = `${peer.name}-${namespace}`;
    const role = new kubernetes.rbac.v1.Role(name, { metadata, rules: rules.map(written) }, options);
    const roleRef = { apiGroup, kind: "Role", name: role.metadata.name };
    return new kubernetes.rbac.v1.RoleBinding(name, { metadata, roleRef, subjects: subjectsOf(peer) }, options);
  });
}

/** Gives the peer's ServiceAccount rules about what lies in no namespace. The objects carry the namespace in their name. */
export function allowEverywhere(
  peer: Peer,
  rules: readonly Permission[],
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const name = `${peer.namespace}-${peer.name}`;
  const metadata = { name };
  const role = new kubernetes.rbac.v1.ClusterRole(name, { metadata, rules: rules.map(written) }, opts);
  const roleRef = { apiGroup, kind: "ClusterRole", name: role.metadata.name };
  return [new kubernetes.rbac.v1.ClusterRoleBinding(name, { metadata, roleRef, subjects: subjectsOf(peer) }, opts)];
}
