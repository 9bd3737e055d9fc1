import { describe } from "@jest/globals";
import { itJudges } from "../pack/testing.ts";
import { exactRedirectUris } from "./exact-redirect-uris.ts";
import { client, others, realm } from "./testing.ts";

describe("identity-provider-exact-redirect-uris", () => {
  itJudges(exactRedirectUris, {
    passes: {
      "an address": realm(
        {},
        {
          clients: [
            client({
              redirectUris: ["https://chat.example.org/callback"],
              attributes: { "post.logout.redirect.uris": "-" },
            }),
          ],
        },
      ),
    },
    fails: {
      "a wildcard": [
        realm({}, { clients: [client({ redirectUris: ["https://chat.example.org/*"] })] }),
        "any address like https://chat.example.org/*",
      ],
      "a wildcard after signing out": [
        realm({}, { clients: [client({ attributes: { "post.logout.redirect.uris": "https://a.example.org/##*" } })] }),
        "any address like *",
      ],
      "no TLS": [
        realm({}, { clients: [client({ redirectUris: ["http://chat.example.org/callback"] })] }),
        "not over TLS",
      ],
    },
    ignores: others,
  });
});
