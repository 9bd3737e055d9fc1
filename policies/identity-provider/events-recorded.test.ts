import { describe } from "@jest/globals";
import { itJudges } from "../pack/testing.ts";
import { eventsRecorded } from "./events-recorded.ts";
import { others, realm } from "./testing.ts";

describe("identity-provider-events-recorded", () => {
  itJudges(eventsRecorded, {
    passes: {
      "both, in the log too": realm({ eventsEnabled: true, adminEventsEnabled: true, adminEventsDetailsEnabled: true }),
    },
    fails: {
      neither: [
        realm({}),
        "does not set eventsEnabled",
        "does not set adminEventsEnabled",
        "does not set adminEventsDetailsEnabled",
      ],
      "none in the log": [
        realm({
          eventsEnabled: true,
          adminEventsEnabled: true,
          adminEventsDetailsEnabled: true,
          eventsListeners: ["email"],
        }),
        "writes no events to its log",
      ],
    },
    ignores: others,
  });
});
