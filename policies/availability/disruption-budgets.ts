import { selects } from "../pack/pods.ts";
import { nameOf, namespaceOf, ofKind } from "../pack/resource.ts";
import { availabilityRule } from "./serving.ts";

export const disruptionBudgets = availabilityRule({
  id: "availability-disruption-budgets",
  title:
    "Where an environment has to be highly available, no maintenance of nodes takes all pods of a workload at once",
  why: "Whoever drains nodes asks the cluster before each pod is moved, and only a disruption budget says no. Without one, two nodes that are drained together take both pods along.",
  fix: "Give the workload a PodDisruptionBudget that selects its pods, with `maxUnavailable: 1`.",
  severity: "medium",
  controls: { iso: ["A.8.14"], gbt: ["8.1.2.1 e)"] },
  check({ resource, namespace, labels, replicas }, report, stack) {
    // A budget for a pod alone would keep its node from ever being drained.
    if (replicas < 2) return;
    const budgets = ofKind(stack, "PodDisruptionBudget").filter(
      (budget) => namespaceOf(budget) === namespace && selects(budget.props.spec?.selector, labels),
    );
    if (budgets.length === 0) report(`${nameOf(resource)} has ${replicas} pods and no disruption budget`, resource);
    // The API server refuses to evict a pod that several budgets select.
    if (budgets.length > 1)
      report(`${nameOf(resource)} has ${budgets.length} disruption budgets, so that no pod can be moved`, resource);
  },
});
