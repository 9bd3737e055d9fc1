import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { fastSwitchover } from "./fast-switchover.ts";
import { cluster, highlyAvailable, namespace } from "./testing.ts";

const fast = { smartShutdownTimeout: 0, stopDelay: 30, switchoverDelay: 30 };

describe("postgres-fast-switchover", () => {
  itJudges(fastSwitchover, {
    passes: {
      seconds: highlyAvailable(fast),
      "the longest times": highlyAvailable({ smartShutdownTimeout: 15, stopDelay: 60, switchoverDelay: 60 }),
    },
    fails: {
      "what the operator takes unasked": [
        highlyAvailable({}),
        "smartShutdownTimeout is 180 s, and may be 15 s",
        "stopDelay is 1800 s",
        "switchoverDelay is 3600 s",
      ],
      "one that is too long": [highlyAvailable({ ...fast, switchoverDelay: 61 }), "switchoverDelay is 61 s"],
    },
    ignores: { "an environment that need not survive a node": [namespace("single"), cluster({})] },
    undecided: {
      "a time that is not known": [namespace("ha"), withUnknown(cluster(fast), "spec.smartShutdownTimeout")],
    },
  });

  describe("with other limits", () => {
    itJudges(fastSwitchover, {
      settings: { smartShutdownTimeout: 180, stopDelay: 1800, switchoverDelay: 3600 },
      passes: { "what the operator takes unasked": highlyAvailable({}) },
      fails: { "what is longer": [highlyAvailable({ stopDelay: 1801 }), "stopDelay is 1801 s, and may be 1800 s"] },
      ignores: {},
    });
  });
});
