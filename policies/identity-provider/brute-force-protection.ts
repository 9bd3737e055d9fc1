import { realmRule } from "./realm-rule.ts";

export const bruteForceProtection = realmRule({
  id: "identity-provider-brute-force-protection",
  title: "The identity provider locks accounts for which passwords are guessed",
  why: "Keycloak by itself lets anybody try as many passwords as they like, against every account of the organisation. With a lock after a few, a password of moderate strength holds.",
  fix: "Set `bruteForceProtected: true`, and `failureFactor` to at most 100.",
  severity: "high",
  controls: { iso: ["A.8.5"], gbt: ["8.1.4.1 b)"] },
  check({ settings: { bruteForceProtected, failureFactor = 30 } }, report) {
    if (bruteForceProtected !== true) report("locks no account, however often a password is wrong");
    else if (typeof failureFactor !== "number" || failureFactor > 100)
      report(`locks an account only after ${JSON.stringify(failureFactor)} wrong passwords`);
  },
});
