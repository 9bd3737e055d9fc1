import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { noAnonymousReading } from "./no-anonymous-reading.ts";
import { homeserver, homeserverPath, others } from "./testing.ts";

describe("im-no-anonymous-reading", () => {
  const closed = { require_auth_for_profile_requests: true };

  itJudges(noAnonymousReading, {
    passes: {
      "Synapse's own defaults with profiles closed": homeserver(closed),
      "all said": homeserver({ ...closed, allow_public_rooms_without_auth: false, enable_authenticated_media: true }),
    },
    fails: {
      "open profiles": [homeserver(), "require_auth_for_profile_requests is missing instead of true"],
      "an open directory of rooms": [
        homeserver({ ...closed, allow_public_rooms_without_auth: true }),
        "allow_public_rooms_without_auth is true instead of false",
      ],
      "open files": [
        homeserver({ ...closed, enable_authenticated_media: false }),
        "enable_authenticated_media is false",
      ],
    },
    ignores: others,
    undecided: { "a configuration that is not known": withUnknown(homeserver(), homeserverPath) },
  });
});
