import { each, stackRule } from "../pack/rule.ts";
import { Connectivity } from "./connectivity.ts";
import { podSetsOf } from "./pod-sets.ts";
import { directions } from "./traffic.ts";

export const everyWorkloadCovered = stackRule({
  id: "network-every-workload-covered",
  title: "All pods are held by policies, in both directions",
  why: "Pods that no policy selects may be reached by all of the cluster and may reach everything. A label that was changed, or a namespace that was forgotten, is all that it takes.",
  fix: "Give the namespace a policy with an empty podSelector that denies both, or name the pods' labels in a policy.",
  severity: "high",
  controls: {
    cis: ["5.3.2"],
    nsa: ["network/policies"],
    iso: ["A.8.20", "A.8.22"],
    gbt: ["8.1.2.1 c)", "8.1.3.2 a)"],
  },
  appliesTo: (stack) => podSetsOf(stack).length > 0,
  check(stack, report) {
    const connectivity = new Connectivity(stack);
    each(connectivity.podSets, (pods) => {
      for (const direction of directions) {
        if (connectivity.isRestricted(pods, direction)) continue;
        report(`no policy restricts the ${direction.toLowerCase()} of ${pods.name}`, pods.resource);
      }
    });
  },
});
