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
    each(connectivity.rules, ({ policy, direction, subjects, others, ports }) => {
      const missing = opposite[direction];
      for (const subject of subjects) {
        for (const other of others) {
          const [client, server] = direction === "Ingress" ? [other, subject] : [subject, other];
          if (!connectivity.isRestricted(other, missing)) continue;
          if (connectivity.allows(missing, { client, server, ports })) continue;
          const gap = `${missing.toLowerCase()} of ${other.name}`;
          report(
            `the policy is for ${client.name} to reach ${portsText(ports)} of ${server.name}, which the ${gap} denies`,
            policy,
          );
        }
      }
    });
  },
});
