import { type Pods, selects } from "../pack/pods.ts";
import { nameOf } from "../pack/resource.ts";
import { availabilityRule } from "./serving.ts";

export const spread = availabilityRule({
  id: "availability-spread",
  title: "Where an environment has to be highly available, the pods of a workload are kept on different nodes",
  why: "The scheduler puts pods where there is room, which may be one node for all of them. When that node fails, the second pod was of no use.",
  fix: "Give the pods a topologySpreadConstraint with `topologyKey: kubernetes.io/hostname` whose selector selects them, or a podAntiAffinity.",
  severity: "medium",
  controls: { iso: ["A.8.14"], gbt: ["8.1.2.1 e)"] },
  check({ resource, replicas, ...pods }, report) {
    if (replicas > 1 && !isSpread(pods))
      report(`${nameOf(resource)} may have all of its ${replicas} pods on one node`, resource);
  },
});

function isSpread({ spec, labels }: Pick<Pods, "spec" | "labels">): boolean {
  const { topologySpreadConstraints = [], affinity } = spec;
  const constrained = topologySpreadConstraints.some(({ labelSelector }) => selects(labelSelector, labels));
  return constrained || affinity?.podAntiAffinity !== undefined;
}
