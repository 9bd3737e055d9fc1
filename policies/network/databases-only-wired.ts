import { z } from "zod";
import type { NetworkPolicyPeer } from "../pack/kubernetes.ts";
import { nameOf } from "../pack/resource.ts";
import { each, type Report, stackRule, withSettings } from "../pack/rule.ts";
import { Connectivity, type PlacedRule } from "./connectivity.ts";
import { isDatabase, portsSetting } from "./databases.ts";
import { hasLabels, selectsAll } from "./openness.ts";
import { podSetsOf } from "./pod-sets.ts";
import { portsText, type TrafficRule } from "./traffic.ts";

export const databasesOnlyWired = withSettings(
  z.strictObject({
    ports: portsSetting,
    operators: z
      .array(z.record(z.string(), z.string()))
      .default([{ "app.kubernetes.io/name": "cloudnative-pg" }])
      .describe(
        "Labels of operators' pods that another stack has made: they may ask databases for their state, on any port but a database's.",
      ),
  }),
  ({ ports, operators }) => {
    const asksForState = (rule: TrafficRule, { namespaceSelector, podSelector }: NetworkPolicyPeer) =>
      namespaceSelector !== undefined &&
      !selectsAll(namespaceSelector) &&
      operators.some((labels) => hasLabels(podSelector?.matchLabels, labels)) &&
      rule.ports.length > 0 &&
      rule.ports.every(
        ({ port, endPort }) => typeof port === "number" && endPort === undefined && !ports.includes(port),
      );
    return stackRule({
      id: "network-databases-only-wired",
      title: "Nothing reaches a database but the workloads that were connected to it",
      why: "What is in a database is what an intruder is after, and a port that is open to one client too many is the way. A connection that was made on purpose has a rule at both of its ends.",
      fix: "Name in `from` only pods of this stack, by labels and namespace, and give each of them the egress rule to the same port; remove whatever else is let in.",
      severity: "critical",
      controls: {
        cis: ["5.3.2"],
        nsa: ["network/policies", "network/workers"],
        iso: ["A.8.3", "A.8.22"],
        gbt: ["8.1.2.1 d)", "8.1.3.2 a)"],
      },
      appliesTo: (stack) => podSetsOf(stack).some((pods) => isDatabase(pods, ports)),
      check(stack, report) {
        const connectivity = new Connectivity(stack);
        const databases = connectivity.podSets.filter((pods) => isDatabase(pods, ports));
        const open = databases.filter((pods) => !connectivity.isRestricted(pods, "Ingress"));
        each([...new Set(open.map(({ resource }) => resource))], (database) =>
          report(`no policy holds back what reaches ${nameOf(database)}`, database),
        );
        each(connectivity.rules, (rule) => {
          const [database] = rule.subjects.filter((pods) => databases.includes(pods));
          if (rule.direction !== "Ingress" || database === undefined) return;
          const where = `${portsText(rule.ports)} of ${nameOf(database.resource)}`;
          const tell = (who: string) => report(`the policy lets ${who} reach ${where}`, rule.policy);
          if (rule.peers.length === 0) tell("everything");
          each(rule.peers, (peer) => {
            if (!asksForState(rule, peer)) checkPeer(connectivity, rule, peer, tell);
          });
        });
      },
    });
  },
);

function checkPeer(connectivity: Connectivity, rule: PlacedRule, peer: NetworkPolicyPeer, tell: Report): void {
  const { ipBlock, namespaceSelector } = peer;
  if (ipBlock !== undefined) {
    tell(`addresses of ${ipBlock.cidr}`);
    return;
  }
  // Whoever may make a namespace could give its pods the labels.
  if (namespaceSelector !== undefined && selectsAll(namespaceSelector)) tell("pods of any namespace");
  const clients = connectivity.podSets.filter((pods) => connectivity.means(peer, rule.policy, pods));
  if (clients.length === 0) tell("pods that are not of this stack");
  const strangers = clients.filter(
    (client) => !rule.subjects.some((server) => connectivity.allows("Egress", { client, server, ports: rule.ports })),
  );
  for (const name of new Set(strangers.map(({ resource }) => nameOf(resource)))) {
    tell(`${name}, which was not connected to it,`);
  }
}
