import type { Resource } from "../pack/resource.ts";
import { isKind, nameOf, namespaceOf, ofKind } from "../pack/resource.ts";
import { each, stackRule } from "../pack/rule.ts";

export const noSharedDisks = stackRule({
  id: "availability-no-shared-disks",
  title: "No pod waits for a volume that another pod of the same workload holds",
  why: "A volume with the access mode ReadWriteOnce is attached to one node. A second pod, or the new one of a rolling update, starts on another node only when the first has let go, which it does not.",
  fix: "Make it a StatefulSet with `volumeClaimTemplates`, give the claim the access mode ReadWriteMany, or with one pod take the strategy Recreate.",
  severity: "medium",
  controls: { iso: ["A.8.14"] },
  appliesTo: (stack) => ofKind(stack, "Deployment").some((resource) => claimsOf(resource).length > 0),
  check(stack, report) {
    each(ofKind(stack, "Deployment"), (resource) => {
      const { replicas = 1, strategy = {} } = resource.props.spec ?? {};
      for (const claim of claimsOf(resource)) {
        if (!isForOneNode(claim, namespaceOf(resource), stack)) continue;
        if (replicas > 1)
          report(
            `the ${replicas} pods of ${nameOf(resource)} share the claim "${claim}", which is for one node`,
            resource,
          );
        else if (strategy.type !== "Recreate") {
          report(
            `an update of ${nameOf(resource)} waits for the claim "${claim}", which the pod before it holds`,
            resource,
          );
        }
      }
    });
  },
});

function claimsOf(resource: Resource): readonly string[] {
  if (!isKind(resource, "Deployment")) return [];
  const volumes = resource.props.spec?.template?.spec?.volumes ?? [];
  return volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

/** Of a claim that the stack does not make nothing is known. */
function isForOneNode(claim: string, namespace: string, stack: readonly Resource[]): boolean {
  const modes = ofKind(stack, "PersistentVolumeClaim")
    .filter(({ props }) => props.metadata?.name === claim && namespaceOf({ props }) === namespace)
    .flatMap(({ props }) => props.spec?.accessModes ?? []);
  return modes.length > 0 && modes.every((mode) => mode === "ReadWriteOnce" || mode === "ReadWriteOncePod");
}
