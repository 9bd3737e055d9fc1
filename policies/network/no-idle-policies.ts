import { z } from "zod";
import type { LabelSelector } from "../pack/kubernetes.ts";
import { namespaceOf } from "../pack/resource.ts";
import { each, stackRule, withSettings } from "../pack/rule.ts";
import { Connectivity } from "./connectivity.ts";
import { selectsAll } from "./openness.ts";

export const noIdlePolicies = withSettings(
  z.strictObject({
    operatorLabels: z
      .array(z.string())
      .default(["cnpg.io/poolerName", "strimzi.io/cluster"])
      .describe("Labels of pods that operators make: whether a policy that names one of them has pods cannot be told."),
  }),
  ({ operatorLabels }) => {
    const isSilent = (selector: LabelSelector = {}) => selectsAll(selector) || names(selector, operatorLabels);
    return stackRule({
      id: "network-no-idle-policies",
      title: "No rule of the network is for pods that do not exist",
      why: "What was opened for a part that is gone stays open for whatever gets its labels next. Rules without a purpose also hide those that have one from whoever reviews them.",
      fix: "Remove the policy, or the peer in it, or correct its labels.",
      severity: "low",
      controls: { iso: ["A.8.9", "A.8.20"], gbt: ["8.1.3.2 b)"] },
      appliesTo: (stack) => new Connectivity(stack).policies.length > 0,
      check(stack, report) {
        const connectivity = new Connectivity(stack);
        // In other namespaces the pods may be another stack's.
        const known = connectivity.namespaces;
        each(connectivity.policies, (policy) => {
          const { podSelector } = policy.props.spec ?? {};
          if (isSilent(podSelector) || !known.includes(namespaceOf(policy))) return;
          if (connectivity.subjectsOf(policy).length === 0) report("the policy is for pods that do not exist", policy);
        });
        each(connectivity.rules, ({ peers, policy, direction }) => {
          for (const peer of peers) {
            if (isSilent(peer.podSelector) || !connectivity.isIdle(peer, policy)) continue;
            report(`the policy allows ${direction.toLowerCase()} for pods at the other end that do not exist`, policy);
          }
        });
      },
    });
  },
);

function names({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: readonly string[]): boolean {
  return [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)].some((key) => labels.includes(key));
}
