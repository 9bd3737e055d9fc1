import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { noOpenRegistration } from "./no-open-registration.ts";
import { homeserver, homeserverPath, others } from "./testing.ts";

describe("im-no-open-registration", () => {
  itJudges(noOpenRegistration, {
    passes: {
      "registration that is off": homeserver({ enable_registration: false, allow_guest_access: false }),
      "Synapse's own defaults": homeserver(),
      "registration by token": homeserver({ enable_registration: true, registration_requires_token: true }),
    },
    fails: {
      registration: [
        homeserver({ enable_registration: true }),
        "enable_registration is true, and no token is asked for",
      ],
      "what Synapse takes for true": [homeserver({ enable_registration: "yes" }), 'enable_registration is "yes"'],
      "registration without an address": [
        homeserver({ enable_registration_without_verification: true }),
        "enable_registration_without_verification is true",
      ],
      guests: [homeserver({ allow_guest_access: true }), "allow_guest_access is true"],
    },
    ignores: others,
    undecided: { "a configuration that is not known": withUnknown(homeserver(), homeserverPath) },
  });
});
