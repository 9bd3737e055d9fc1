import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { metricsNotPublic } from "./metrics-not-public.ts";
import { homeserver, homeserverPath, others } from "./testing.ts";

describe("im-metrics-not-public", () => {
  const listening = (...listeners: readonly (readonly string[])[]) =>
    homeserver({ listeners: listeners.map((names, index) => ({ port: 8000 + index, resources: [{ names }] })) });

  itJudges(metricsNotPublic, {
    passes: {
      "listeners of their own": listening(["client"], ["metrics"], ["replication"]),
      "no listener that can be read": homeserver({ listeners: ["client"] }),
      "no listener": homeserver(),
    },
    fails: {
      "metrics for clients": [listening(["client", "metrics"]), "port 8000, which clients use, answers metrics too"],
      "the workers' channel for clients": [
        listening(["metrics"], ["media", "replication"]),
        "8001, which clients use, answers replication",
      ],
    },
    ignores: others,
    undecided: { "a configuration that is not known": withUnknown(homeserver(), homeserverPath) },
  });
});
