import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { noManhole } from "./no-manhole.ts";
import { homeserver, homeserverPath, others } from "./testing.ts";

describe("im-no-manhole", () => {
  itJudges(noManhole, {
    passes: {
      "listeners for clients": homeserver({ listeners: [{ port: 8008, type: "http" }, { port: 8009 }] }),
      "no listeners": homeserver(),
    },
    fails: {
      "a manhole": [homeserver({ listeners: [{ port: 9000, type: "manhole" }] }), "there is a manhole on port 9000"],
      "a manhole at a socket": [
        homeserver({ listeners: [{ path: "/tmp/manhole", type: "manhole" }] }),
        "there is a manhole",
      ],
    },
    ignores: others,
    undecided: { "a configuration that is not known": withUnknown(homeserver(), homeserverPath) },
  });
});
