import { serverRule } from "./server-rule.ts";

export const watched = serverRule({
  id: "servers-watched",
  title: "Machines notice files that changed and people who keep failing to sign in, and guard their kernel",
  why: "An intruder who becomes root changes programs and loads into the kernel, and stays. Each of these makes that visible, or impossible.",
  fix: "Leave fileIntegrity, bruteForce and lockdown at roost:servers.hardening as they are by default.",
  severity: "medium",
  controls: { iso: ["A.8.16", "A.8.18"], gbt: ["8.1.4.1 b)", "8.1.4.4 f)", "8.1.4.7 b)"] },
  check({ hardening: { fileIntegrity, bruteForce, lockdown } }, report) {
    if (!fileIntegrity) report("nothing compares the system's files with what they were");
    if (bruteForce === "none") report("nothing bans those who keep failing to sign in");
    if (lockdown === "none") report("root may change the running kernel");
  },
});
