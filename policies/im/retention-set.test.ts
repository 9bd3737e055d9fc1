import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { retentionSet } from "./retention-set.ts";
import { homeserver, homeserverPath, others } from "./testing.ts";

const production = object("Namespace", { metadata: { name: "chat", labels: { "roost/protection": "production" } } });
const limited = { enabled: true, default_policy: { max_lifetime: "365d" } };
const media_retention = { local_media_lifetime: "90d" };
const forever = homeserver({ retention: { enabled: false } });

describe("im-retention-set", () => {
  itJudges(retentionSet, {
    passes: {
      "limits in production": [production, homeserver({ retention: limited, media_retention })],
      "limits of messages in a trial": homeserver({ retention: limited }),
      "a trial in which all is kept": forever,
    },
    fails: {
      "nothing said": [homeserver(), "nothing is said about how long messages are kept"],
      "limits that are none": [
        homeserver({ retention: { enabled: true } }),
        "has no default_policy with a max_lifetime",
      ],
      "production that keeps everything": [
        [production, forever],
        "messages are kept for ever in production",
        "files are kept for ever in production",
      ],
      "production that keeps files": [[production, homeserver({ retention: limited })], "files are kept for ever"],
    },
    ignores: others,
    undecided: { "a configuration that is not known": withUnknown(homeserver(), homeserverPath) },
  });
});

describe("im-retention-set, where somebody has decided to keep everything", () => {
  itJudges(retentionSet, {
    settings: { keepForever: true },
    passes: { "production that does": [production, forever] },
    fails: { "nothing said": [[production, homeserver()], "nothing is said"] },
    ignores: others,
  });
});
