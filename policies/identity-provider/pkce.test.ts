import { describe } from "@jest/globals";
import { itJudges } from "../pack/testing.ts";
import { pkce } from "./pkce.ts";
import { client, others, realm } from "./testing.ts";

describe("identity-provider-pkce", () => {
  itJudges(pkce, {
    passes: {
      S256: realm({}, { clients: [client({ attributes: { "pkce.code.challenge.method": "S256" } })] }),
      "a client of machines": realm({}, { clients: [client({ standardFlowEnabled: false })] }),
      "one that is off": realm({}, { clients: [client({ enabled: false })] }),
    },
    fails: {
      none: [realm({}, { clients: [client({})] }), 'has a client "chat" that takes a code without PKCE'],
      plain: [
        realm({}, { clients: [client({ attributes: { "pkce.code.challenge.method": "plain" } })] }),
        "without PKCE",
      ],
    },
    ignores: others,
  });
});
