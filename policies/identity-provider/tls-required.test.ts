import { describe } from "@jest/globals";
import { itJudges } from "../pack/testing.ts";
import { exported, others, realm } from "./testing.ts";
import { tlsRequired } from "./tls-required.ts";

describe("identity-provider-tls-required", () => {
  itJudges(tlsRequired, {
    passes: { "TLS always": realm({ sslRequired: "all" }) },
    fails: {
      "Keycloak's own default": [realm({}), 'sslRequired "external"'],
      "no TLS": [exported({ sslRequired: "none" }), 'sslRequired "none"'],
    },
    ignores: others,
  });
});
