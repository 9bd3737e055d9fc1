import { serverRule } from "./server-rule.ts";

/** Names that belong to a role, a system or a distribution, and so to nobody. */
const shared = ["admin", "administrator", "root", "user", "ubuntu", "debian", "rocky", "almalinux", "ops", "sysadmin"];

export const personalAccounts = serverRule({
  id: "servers-personal-accounts",
  title: "Each person who administers machines has an account and keys of their own",
  why: "What several people do under one name, nobody has done. A key that two accounts share cannot be taken away from one of them.",
  fix: "Give each person an entry of their own at roost:servers.administrators, with keys that nobody else has.",
  severity: "high",
  controls: { iso: ["A.5.16", "A.8.2"], gbt: ["8.1.4.1 a)", "8.1.4.2 c)"] },
  check({ administrators }, report) {
    const owners = new Map<string, string>();
    for (const { name, sshKeys } of administrators) {
      if (shared.includes(name)) report(`the account ${name} is nobody's own`);
      for (const key of sshKeys) {
        // Without the comment, which is free text.
        const material = key.split(" ").slice(0, 2).join(" ");
        const owner = owners.get(material);
        if (owner !== undefined && owner !== name) report(`${owner} and ${name} have the same key`);
        owners.set(material, name);
      }
    }
  },
});
