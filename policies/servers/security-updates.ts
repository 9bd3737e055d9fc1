import { serverRule } from "./server-rule.ts";

export const securityUpdates = serverRule({
  id: "servers-security-updates",
  title: "Security updates of machines are installed by themselves, and take effect",
  why: "Most break-ins use holes for which there was an update. A kernel that was updated and not started again still has them.",
  fix: 'Set roost:servers.updates.automatic to "security" and roost:servers.updates.reboot to "one-at-a-time"; the window says when.',
  severity: "high",
  controls: { nsa: ["upgrades"], iso: ["A.8.8"], gbt: ["8.1.4.4 e)"] },
  check({ updates: { automatic, reboot } }, report) {
    if (automatic === "none") report("no update is installed by itself");
    if (reboot === "never") report("no reboot follows an update that asks for one");
  },
});
