import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { encryptionChoice } from "./encryption-choice.ts";
import { homeserver, homeserverPath, others } from "./testing.ts";

describe("im-encryption-choice", () => {
  const chosen = (encryption_enabled_by_default_for_room_type: unknown) =>
    homeserver({ encryption_enabled_by_default_for_room_type });

  itJudges(encryptionChoice, {
    passes: {
      "encryption everywhere": chosen("all"),
      "encryption of private rooms": chosen("invite"),
      "no encryption": chosen("off"),
      "no encryption, as YAML 1.1 may have it": chosen(false),
    },
    fails: {
      "nothing said": [homeserver(), "encryption_enabled_by_default_for_room_type is missing"],
      "what Synapse does not know": [chosen("always"), 'is "always" instead of all, invite or off'],
    },
    ignores: others,
    undecided: { "a configuration that is not known": withUnknown(homeserver(), homeserverPath) },
  });
});
