import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { noIdentityServer } from "./no-identity-server.ts";
import { homeserver, homeserverPath, others } from "./testing.ts";

describe("im-no-identity-server", () => {
  const off = { enable_3pid_lookup: false };

  itJudges(noIdentityServer, {
    passes: { "no lookups": homeserver(off), "no server": homeserver({ ...off, default_identity_server: null }) },
    fails: {
      "Synapse's own default": [homeserver(), "enable_3pid_lookup is missing instead of false"],
      lookups: [homeserver({ enable_3pid_lookup: true }), "enable_3pid_lookup is true"],
      "a server": [
        homeserver({ ...off, default_identity_server: "https://vector.im" }),
        "default_identity_server names a server",
      ],
    },
    ignores: others,
    undecided: { "a configuration that is not known": withUnknown(homeserver(), homeserverPath) },
  });
});
