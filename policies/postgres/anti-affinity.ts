import { isProduction } from "../pack/intent.ts";
import { highlyAvailableRule } from "./clusters.ts";

/** An environment that may be thrown away may be tried out on one node. */
export const antiAffinity = highlyAvailableRule({
  id: "postgres-anti-affinity",
  title: "Instances of a highly available PostgreSQL cluster are on different nodes",
  why: "Three instances on one node are lost together. Where they only should be apart, the scheduler puts them together on the day when nodes are short.",
  fix: "Set `affinity.podAntiAffinityType: required`; there must be as many nodes as instances.",
  severity: "high",
  controls: { iso: ["A.8.14"], gbt: ["8.1.4.9 c)"] },
  check({ affinity = {} }, report, stack) {
    const { enablePodAntiAffinity = true, podAntiAffinityType = "preferred" } = affinity;
    if (!enablePodAntiAffinity) report("nothing keeps the instances apart");
    else if (podAntiAffinityType !== "required" && isProduction(stack)) {
      report("the instances should be on different nodes, but do not have to");
    }
  },
});
