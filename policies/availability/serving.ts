import { asksForAvailability, isHighlyAvailable } from "../pack/intent.ts";
import { type Pods, podsOf } from "../pack/pods.ts";
import type { Resource } from "../pack/resource.ts";
import { type About, each, type ReportAbout, type StackRule, stackRule } from "../pack/rule.ts";

/** Pods that serve, of a number that the stack decides; none where they are switched off. */
export interface Serving extends Pods {
  readonly replicas: number;
}

/** Pods of the stack that serve, in whatever namespace. */
export function servingIn(stack: readonly Resource[]): readonly Serving[] {
  return stack.flatMap((resource) => {
    const pods = podsOf(resource);
    if (pods === undefined || pods.runToEnd || pods.spec.restartPolicy === "Never") return [];
    const { replicas = 0 } = pods;
    return replicas > 0 ? [{ ...pods, replicas }] : [];
  });
}

/** A rule about pods that have to go on when one of them, or a node, does not. */
export function availabilityRule(
  rule: About & { check(pods: Serving, report: ReportAbout, stack: readonly Resource[]): void },
): StackRule {
  return stackRule({
    ...rule,
    appliesTo: (stack) => asksForAvailability(stack) && servingIn(stack).length > 0,
    check: (stack, report) =>
      each(servingIn(stack), (pods) => {
        if (isHighlyAvailable(stack, pods.namespace)) rule.check(pods, report, stack);
      }),
  });
}
