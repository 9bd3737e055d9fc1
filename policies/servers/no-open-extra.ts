import { serverRule } from "./server-rule.ts";

export const noOpenExtra = serverRule({
  id: "servers-no-open-extra",
  title: "No way into a machine beside those of its role is open to everybody",
  why: "What a role needs is opened by the flows between machines, each to its own senders. Whatever else is opened to all addresses is a service that nobody guards.",
  fix: "Name the senders at roost:servers.firewall.extra; what users reach goes through the edge.",
  severity: "critical",
  controls: { iso: ["A.8.20", "A.8.21"], gbt: ["8.1.3.1 a)", "8.1.4.4 b)"] },
  check({ firewall: { extra } }, report) {
    for (const { port, protocol, cidrs, reason } of extra) {
      const all = cidrs.filter((cidr) => /\/[0-7]$/.test(cidr));
      if (all.length > 0) report(`port ${port}/${protocol} (${reason}) is open to ${all.join(", ")}`);
    }
  },
});
