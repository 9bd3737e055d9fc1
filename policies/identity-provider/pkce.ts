import { signInRule } from "./realm-rule.ts";

export const pkce = signInRule({
  id: "identity-provider-pkce",
  title: "Relying parties protect the authorization code with PKCE",
  why: "A code that leaks from a browser's history, a log or another app is as good as a session. With PKCE by S256 it is of use only to whoever asked for it.",
  fix: "Set the client's attribute `pkce.code.challenge.method` to `S256`.",
  severity: "high",
  controls: { iso: ["A.8.5"] },
  check({ standardFlowEnabled, attributes }, report) {
    if (standardFlowEnabled && attributes["pkce.code.challenge.method"] !== "S256")
      report("takes a code without PKCE by S256");
  },
});
