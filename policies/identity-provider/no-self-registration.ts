import { realmRule } from "./realm-rule.ts";

export const noSelfRegistration = realmRule({
  id: "identity-provider-no-self-registration",
  title: "Nobody makes an account at the identity provider by themselves",
  why: "Who registers is in no directory, and no leaver's process ends it. Such an account also gets whatever is open to everybody who is signed in.",
  fix: "Set `registrationAllowed: false`, or leave it out.",
  severity: "high",
  controls: { iso: ["A.5.16"], gbt: ["8.1.4.2 c)"] },
  check({ settings: { registrationAllowed = false } }, report) {
    if (registrationAllowed !== false) report("lets people register themselves");
  },
});
