import { isKind, type KubernetesResource, type Resource } from "../pack/resource.ts";
import { subjectRule } from "../pack/rule.ts";

export const rollingUpdates = subjectRule(severalPodsOf, {
  id: "availability-rolling-updates",
  title: "An update never stops all pods of a workload at once",
  why: "Whoever has given a workload several pods wants it to go on while one is away. An update that ends all of them before the first new one is ready is an outage with every change.",
  fix: "Set `strategy.type: RollingUpdate` with a `maxUnavailable` below the number of pods.",
  severity: "medium",
  controls: { iso: ["A.8.14", "A.8.32"] },
  check({ props: { spec = {} } }, report) {
    const { replicas = 1, strategy = {}, updateStrategy = {} } = spec;
    const { type, rollingUpdate } = { ...strategy, ...updateStrategy };
    if (type === "Recreate") report(`an update ends all ${replicas} pods before it makes new ones`);
    const { maxUnavailable = 1 } = rollingUpdate ?? {};
    if (maxUnavailable === "100%" || Number(maxUnavailable) >= replicas) {
      report(`an update may end ${maxUnavailable} of ${replicas} pods at once`);
    }
  },
});

type Updated = KubernetesResource<"Deployment"> | KubernetesResource<"StatefulSet">;

function severalPodsOf(resource: Resource): Updated | undefined {
  if (!isKind(resource, "Deployment") && !isKind(resource, "StatefulSet")) return undefined;
  return (resource.props.spec?.replicas ?? 1) > 1 ? resource : undefined;
}
