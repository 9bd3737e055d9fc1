import type { Kinds } from "../pack/kubernetes.ts";
import { selects } from "../pack/pods.ts";
import { isKind, nameOf, namespaceOf, type Resource } from "../pack/resource.ts";
import { each, stackRule } from "../pack/rule.ts";
import { servingIn } from "./serving.ts";

export const budgetsLetDrain = stackRule({
  id: "availability-budgets-let-drain",
  title: "Every disruption budget lets some pod be moved",
  why: "A budget that never gives in stops whoever drains a node, until somebody deletes the pod by force. Nodes then stay without updates, or lose their pods with no order at all.",
  fix: "Set `maxUnavailable: 1`, or `minAvailable` to less than the pods that there are; for PostgreSQL with one instance set `enablePDB: false`.",
  severity: "medium",
  controls: { nsa: ["upgrades"], iso: ["A.8.8"], gbt: ["8.1.4.4 e)"] },
  appliesTo: (stack) =>
    stack.some((resource) => isKind(resource, "PodDisruptionBudget") || isKind(resource, "Cluster")),
  check(stack, report) {
    each(stack, (resource) => {
      if (isKind(resource, "Cluster")) {
        const { instances = 1, enablePDB = true } = resource.props.spec ?? {};
        if (enablePDB && instances < 2)
          report(`${nameOf(resource)} has one instance, and a budget that keeps it where it is`, resource);
      }
      if (!isKind(resource, "PodDisruptionBudget")) return;
      const problem = problemWith(resource.props, stack);
      if (problem !== undefined) report(`${nameOf(resource)} ${problem}, so that no pod can be moved`, resource);
    });
  },
});

function problemWith(budget: Kinds["PodDisruptionBudget"], stack: readonly Resource[]): string | undefined {
  const { maxUnavailable, minAvailable, selector } = budget.spec ?? {};
  if (maxUnavailable === 0 || maxUnavailable === "0%") return "allows none to be away";
  if (minAvailable === undefined) return undefined;
  const pods = servingIn(stack)
    .filter(({ namespace, labels }) => namespace === namespaceOf({ props: budget }) && selects(selector, labels))
    .reduce((sum, { replicas }) => sum + replicas, 0);
  // Pods that something else makes are not counted.
  const needed = countOf(minAvailable, pods);
  return minAvailable === "100%" || (pods > 0 && needed >= pods)
    ? `wants ${minAvailable} of ${pods} to stay`
    : undefined;
}

/** Kubernetes rounds shares up. */
function countOf(value: number | string, all: number): number {
  const share = /^(\d+)%$/.exec(String(value))?.[1];
  return share === undefined ? Number(value) : Math.ceil((Number(share) * all) / 100);
}
