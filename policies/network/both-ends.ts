import { nameOf } from "../pack/resource.ts";
import { each, stackRule } from "../pack/rule.ts";
import { Connectivity } from "./connectivity.ts";
import { portsText } from "./traffic.ts";

const opposite = { Ingress: "Egress", Egress: "Ingress" } as const;

export const bothEnds = stackRule({
  id: "network-both-ends",
  title: "Every connection within the stack is allowed at both of its ends",
  why: "One half of a connection does not work, so that somebody will open more than is needed to make it work. Or it is left over from a connection that is gone, and waits for whoever finds the other half open.",
  fix: "Make the missing policy with the same labels and ports, or remove the one that is left over.",
  severity: "medium",
  controls: { nsa: ["network/policies"], iso: ["A.8.20", "A.8.22"], gbt: ["8.1.3.2 b)", "8.1.3.2 c)"] },
  appliesTo: (stack) => new Connectivity(stack).rules.some(({ others }) => others.length > 0),
  check(stack, report) {
    const connectivity = new Connectivity(stack);
    each(connectivity.rules, (rule) => {
      const missing = opposite[rule.direction];
      const halves = connectivity
        .connectionsOf(rule)
        .filter(({ client, server }) => connectivity.isRestricted(missing === "Egress" ? client : server, missing))
        .filter((connection) => !connectivity.allows(missing, connection));
      const messages = halves.map(({ client, server, ports }) => {
        const [from, to] = [nameOf(client.resource), nameOf(server.resource)];
        const denied = missing === "Egress" ? `egress of ${from}` : `ingress of ${to}`;
        return `the policy is for ${from} to reach ${portsText(ports)} of ${to}, which the ${denied} denies`;
      });
      // Pods that one resource makes for several purposes are told once.
      for (const message of new Set(messages)) report(message, rule.policy);
    });
  },
});
