import { z } from "zod";
import { groupAndKind, groups, namespaceOf, type ObjectResource, type Resource } from "../pack/resource.ts";
import { subjectRule, withSettings } from "../pack/rule.ts";

/** Of the kinds that the rules know, those that lie in no namespace. */
const clusterWide = ["Namespace", "PersistentVolume", "StorageClass", "ClusterRole", "ClusterRoleBinding"];

const namespaced = Object.entries(groups).filter(([kind]) => !clusterWide.includes(kind));

export const noReservedNamespaces = withSettings(
  z.strictObject({
    reserved: z
      .array(z.string())
      .default(["default", "kube-system", "kube-public", "kube-node-lease"])
      .describe("Namespaces that the stack keeps out of."),
  }),
  ({ reserved }) =>
    subjectRule((resource) => (isNamespaced(resource) ? resource : undefined), {
      id: "workloads-no-reserved-namespaces",
      title: "Nothing lies in the default namespace or in those of the system",
      why: "Policies, quotas and roles are given by namespace, so what shares one with strangers shares these too. In the system's namespaces a pod stands beside the parts that run the cluster.",
      fix: "Name a namespace of the stack's own in `metadata.namespace`.",
      severity: "medium",
      controls: { cis: ["5.6.1", "5.6.4"], nsa: ["network/namespaces"], iso: ["A.8.22"] },
      check(object, report) {
        const namespace = namespaceOf(object);
        if (reserved.includes(namespace)) report(`the object lies in the namespace "${namespace}"`);
      },
    }),
);

/** Custom resources may belong to the whole cluster: only the kinds that are known are judged. */
function isNamespaced(resource: Resource): resource is ObjectResource {
  const token = groupAndKind(resource.type);
  return namespaced.some(([kind, inGroups]) => token?.kind === kind && inGroups.includes(token.group));
}
