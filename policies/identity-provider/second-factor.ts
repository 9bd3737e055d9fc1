import { realmRule } from "./realm-rule.ts";

export const secondFactor = realmRule({
  id: "identity-provider-second-factor",
  title: "The identity provider can ask for a second factor",
  why: "An administrator's password that was guessed or given away opens everything. With a second factor in the flows of sign-in, it does not suffice.",
  fix: "Have a step with a one-time password (`auth-otp-form`) or a security key (`webauthn-authenticator`) in the realm's browser flow, required of administrators.",
  severity: "high",
  controls: { iso: ["A.8.2", "A.8.5"], gbt: ["8.1.4.1 d)"] },
  check({ authenticators }, report) {
    if (!["auth-otp-form", "webauthn-authenticator"].some((name) => authenticators.has(name)))
      report("has no step with a second factor in any of its flows");
  },
});
