import { grantsOf, said } from "../pack/configuration/slapd.ts";
import { slapdRule } from "./slapd-rule.ts";

export const noAnonymousAccess = slapdRule({
  id: "directory-no-anonymous-access",
  title: "Nobody asks the directory without an account",
  why: "A directory tells everybody's name, mail and groups: whom to attack, and how to write to them. Left alone, OpenLDAP answers whoever asks.",
  fix: "Set `disallow bind_anon` and `require authc`, never `allow bind_anon_dn` or `bind_anon_cred`, and give `anonymous` and `*` nothing but `auth` or `none`.",
  severity: "high",
  controls: { iso: ["A.5.15", "A.8.3"], gbt: ["8.1.4.1 a)", "8.1.4.2 a)"] },
  check(directives, report) {
    if (!said(directives, "disallow").flat().includes("bind_anon"))
      report("lets people in without a name: disallow bind_anon is missing");
    if (!said(directives, "require").flat().includes("authc"))
      report("answers before a sign-in: require authc is missing");
    for (const feature of said(directives, "allow").flat())
      if (feature.startsWith("bind_anon")) report(`takes a name without a password for a sign-in: allow ${feature}`);
    for (const { what, who, level } of grantsOf(directives))
      if ((who === "*" || who === "anonymous") && !["none", "auth", "=x", "=0", ""].includes(level))
        report(`gives "${level}" of ${what} to everybody`);
    if (grantsOf(directives).length === 0) report("has no rules for access, and then everybody reads everything");
  },
});
