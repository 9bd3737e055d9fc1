import { z } from "zod";
import { each, kindRule, withSettings } from "../pack/rule.ts";
import { edgeSetting } from "./edge.ts";
import { hasLabels, opennessOf } from "./openness.ts";
import { portsText, trafficOf } from "./traffic.ts";

export const noOpenIngress = withSettings(z.strictObject({ edge: edgeSetting }), ({ edge }) =>
  kindRule("NetworkPolicy", {
    id: "network-no-open-ingress",
    title: "Only the pods that face the users let in everybody",
    why: "A rule without a sender, or with the whole internet or the whole cluster as one, is no firewall. Whoever breaks into any pod then reaches this one.",
    fix: "Name the senders in `from` by podSelector and namespaceSelector, or by the smallest blocks of addresses; name pods that face the users in the rule's setting `edge`.",
    severity: "critical",
    controls: {
      cis: ["5.3.2"],
      nsa: ["network/policies"],
      iso: ["A.8.20", "A.8.22"],
      gbt: ["8.1.3.2 a)", "8.1.3.2 c)"],
    },
    check({ props: { spec = {} } }, report) {
      if (hasLabels(spec.podSelector?.matchLabels, edge)) return;
      each(trafficOf(spec, ["Ingress"]), (rule) => {
        for (const openness of opennessOf(rule)) report(`the policy opens ${portsText(rule.ports)} ${openness}`);
      });
    },
  }),
);
