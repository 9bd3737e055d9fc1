import { signInRule } from "./realm-rule.ts";

export const codeFlowOnly = signInRule({
  id: "identity-provider-code-flow-only",
  title: "People sign in by the authorization code alone, to clients with a secret",
  why: "In the implicit flow tokens stand in addresses, and by direct grants a relying party sees passwords and passes by the second factor. A client without a secret can be played by anybody.",
  fix: "Set `implicitFlowEnabled`, `directAccessGrantsEnabled` and `publicClient` to false.",
  severity: "high",
  controls: { iso: ["A.5.17", "A.8.5"], gbt: ["8.1.4.1 d)"] },
  check({ implicitFlowEnabled, directAccessGrantsEnabled, publicClient }, report) {
    if (implicitFlowEnabled) report("gets tokens by the implicit flow");
    if (directAccessGrantsEnabled) report("may take people's passwords itself (direct access grants)");
    if (publicClient) report("has no secret");
  },
});
