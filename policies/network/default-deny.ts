import type { NetworkPolicySpec } from "../pack/kubernetes.ts";
import { namespaceOf, ofKind } from "../pack/resource.ts";
import { each, stackRule } from "../pack/rule.ts";

export const defaultDeny = stackRule({
  id: "network-default-deny",
  title: "Every namespace denies all traffic, both ways, that is not allowed by name",
  why: "Without such a policy every pod of the cluster reaches every other. One that is broken into then reaches the database, and the outside.",
  fix: "Give the namespace a NetworkPolicy with an empty podSelector, policyTypes Ingress and Egress, and no rules.",
  severity: "critical",
  controls: {},
  appliesTo: (stack) => ofKind(stack, "Namespace").length > 0,
  check(stack, report) {
    const policies = ofKind(stack, "NetworkPolicy");
    each(ofKind(stack, "Namespace"), (namespace) => {
      const name = namespace.props.metadata?.name;
      const here = policies.filter((policy) => namespaceOf(policy) === name);
      for (const [type, rules] of [
        ["Ingress", "ingress"],
        ["Egress", "egress"],
      ] as const) {
        const denied = here.some(({ props: { spec = {} } }) => deniesAll(spec, type, rules));
        if (!denied) report(`namespace "${name}" has no policy that denies all ${rules}`, namespace);
      }
    });
  },
});

function deniesAll(spec: NetworkPolicySpec, type: string, rules: "ingress" | "egress"): boolean {
  const { matchLabels = {}, matchExpressions = [] } = spec.podSelector ?? {};
  const everyPod = Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
  return everyPod && (spec.policyTypes ?? []).includes(type) && (spec[rules] ?? []).length === 0;
}
