import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { settingsInOnePlace } from "./settings-in-one-place.ts";
import { homeserver, others, secrets, secretsPath, synapse } from "./testing.ts";

describe("im-settings-in-one-place", () => {
  itJudges(settingsInOnePlace, {
    passes: {
      "a file alone": [homeserver({ enable_registration: false }), synapse],
      "a file that adds": [homeserver(), secrets({ password_config: { pepper: "dice" } }), synapse],
    },
    fails: {
      "a file that replaces": [
        [
          homeserver({ enable_registration: false }),
          secrets({ enable_registration: true, report_stats: true }),
          synapse,
        ],
        "secrets.yaml replaces enable_registration, report_stats",
      ],
    },
    ignores: { ...others, "a configuration that nothing is started with": homeserver() },
    undecided: { "a further file that is not known": [homeserver(), withUnknown(secrets({}), secretsPath), synapse] },
  });
});

describe("im-settings-in-one-place, as an operator may set it", () => {
  itJudges(settingsInOnePlace, {
    settings: { replaceable: ["listeners"] },
    passes: { "a worker's listeners": [homeserver({ listeners: [] }), secrets({ listeners: [] }), synapse] },
    fails: { "other settings": [[homeserver(), secrets({ report_stats: true }), synapse], "replaces report_stats"] },
    ignores: others,
  });
});
