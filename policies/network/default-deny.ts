import type { NetworkPolicySpec } from "../pack/kubernetes.ts";
import { namespaceOf, ofKind } from "../pack/resource.ts";
import { each, stackRule } from "../pack/rule.ts";
import { selectsAll } from "./openness.ts";
import { type Direction, directions, directionsOf, trafficOf } from "./traffic.ts";

export const defaultDeny = stackRule({
  id: "network-default-deny",
  title: "Every namespace denies all traffic, both ways, that is not allowed by name",
  why: "Without such a policy every pod of the cluster reaches every other. One that is broken into then reaches the database, and the outside.",
  fix: "Give the namespace a NetworkPolicy with an empty podSelector, policyTypes Ingress and Egress, and no rules.",
  severity: "critical",
  controls: {
    cis: ["5.3.2"],
    nsa: ["network/policies"],
    iso: ["A.8.20", "A.8.22", "A.8.27"],
    gbt: ["8.1.2.1 c)", "8.1.3.2 a)"],
  },
  appliesTo: (stack) => ofKind(stack, "Namespace").length > 0,
  check(stack, report) {
    const policies = ofKind(stack, "NetworkPolicy");
    each(ofKind(stack, "Namespace"), (namespace) => {
      const name = namespace.props.metadata?.name;
      const here = policies.filter((policy) => namespaceOf(policy) === name);
      for (const direction of directions) {
        if (here.some(({ props: { spec = {} } }) => deniesAll(spec, direction))) continue;
        report(`namespace "${name}" has no policy that denies all ${direction.toLowerCase()}`, namespace);
      }
    });
  },
});

function deniesAll(spec: NetworkPolicySpec, direction: Direction): boolean {
  const everyPod = selectsAll(spec.podSelector ?? {});
  return everyPod && directionsOf(spec).includes(direction) && trafficOf(spec, [direction]).length === 0;
}
