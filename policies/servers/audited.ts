import { serverRule } from "./server-rule.ts";

export const audited = serverRule({
  id: "servers-audited",
  title: "Machines record who changed what, and nobody can stop that without a reboot",
  why: "Without an audit log nobody can say what an intruder, or a colleague, has done. Whoever is root can switch off rules that are not immutable before doing it.",
  fix: 'Set roost:servers.hardening.audit to "immutable".',
  severity: "high",
  controls: { iso: ["A.8.15", "A.5.28"], gbt: ["8.1.4.3 a)", "8.1.4.3 d)"] },
  check({ hardening: { audit } }, report) {
    if (audit === "off") report("nothing is audited");
    else if (audit !== "immutable") report("root can change the rules of the audit while it runs");
  },
});
