import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { closedFederation } from "./closed-federation.ts";
import { homeserver, homeserverPath, others } from "./testing.ts";

describe("im-closed-federation", () => {
  const closed = { federation_domain_whitelist: [], trusted_key_servers: [], send_federation: false };
  const listener = (...names: string[]) => ({ port: 8448, type: "http", resources: [{ names }] });

  itJudges(closedFederation, {
    passes: {
      "federation that is closed": homeserver({ ...closed, listeners: [listener("client")] }),
      "federation that is closed, with all said": homeserver({ ...closed, allow_public_rooms_over_federation: false }),
    },
    fails: {
      "Synapse's own defaults": [
        homeserver(),
        "federation_domain_whitelist is missing instead of []",
        "trusted_key_servers is missing",
        "send_federation is missing instead of false",
      ],
      "one other server": [
        homeserver({ ...closed, federation_domain_whitelist: ["example.net"] }),
        "federation_domain_whitelist is a list that is not empty",
      ],
      "a whitelist that lets all in": [
        homeserver({ ...closed, federation_domain_whitelist: null }),
        "is null instead of []",
      ],
      "a directory for others": [
        homeserver({ ...closed, allow_public_rooms_over_federation: true }),
        "allow_public_rooms_over_federation is true",
      ],
      "a listener for other servers": [
        homeserver({ ...closed, listeners: [listener("client", "federation")] }),
        "the listener on port 8448 answers other servers",
      ],
    },
    ignores: others,
    undecided: { "a configuration that is not known": withUnknown(homeserver(), homeserverPath) },
  });
});
