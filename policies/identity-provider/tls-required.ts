import { realmRule } from "./realm-rule.ts";

export const tlsRequired = realmRule({
  id: "identity-provider-tls-required",
  title: "The identity provider takes no request without TLS, from nowhere",
  why: "Keycloak by itself takes plain requests from private addresses, and inside a cluster every address is private. Passwords and tokens would then be readable on the way.",
  fix: "Set `sslRequired: all`.",
  severity: "high",
  controls: { nsa: ["network/encryption"], iso: ["A.8.24"], gbt: ["8.1.2.2 b)", "8.1.4.1 c)"] },
  check({ settings: { sslRequired = "external" } }, report) {
    if (sslRequired !== "all") report(`wants TLS only as sslRequired ${JSON.stringify(sslRequired)} says`);
  },
});
