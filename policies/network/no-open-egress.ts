import { z } from "zod";
import { nameOf } from "../pack/resource.ts";
import { each, kindRule, withSettings } from "../pack/rule.ts";
import { opennessOf } from "./openness.ts";
import { portsText, trafficOf } from "./traffic.ts";

export const noOpenEgress = withSettings(
  z.strictObject({
    allowed: z
      .array(z.string().regex(/^[^/]+\/[^/]+$/, "must be namespace/policy"))
      .default([])
      .describe(
        "Policies that may let pods out to everywhere, as namespace/policy, for example chat/push-to-internet.",
      ),
  }),
  ({ allowed }) =>
    kindRule("NetworkPolicy", {
      id: "network-no-open-egress",
      title: "No pod may connect to everywhere",
      why: "What was broken into calls home, loads its tools and takes data out by the way out that it finds. A pod that reaches only what it needs offers none.",
      fix: "Name the receivers in `to` by podSelector and namespaceSelector, or by the smallest blocks of addresses; a policy that must be open is named in the rule's setting `allowed`.",
      severity: "high",
      controls: {
        cis: ["5.3.2"],
        nsa: ["network/policies"],
        iso: ["A.8.12", "A.8.20", "A.8.22"],
        gbt: ["8.1.3.1 c)", "8.1.3.2 a)", "8.1.3.2 c)"],
      },
      check(policy, report) {
        if (allowed.includes(nameOf(policy))) return;
        each(trafficOf(policy.props.spec ?? {}, ["Egress"]), (rule) => {
          for (const openness of opennessOf(rule))
            report(`the policy lets pods out ${openness} on ${portsText(rule.ports)}`);
        });
      },
    }),
);
