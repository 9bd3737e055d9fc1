import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { metricsTls } from "./metrics-tls.ts";
import { cluster } from "./testing.ts";

const monitored = (enabled: boolean) => cluster({ monitoring: { tls: { enabled } } });

describe("postgres-metrics-tls", () => {
  itJudges(metricsTls, {
    passes: { TLS: monitored(true) },
    fails: {
      "plain text": [monitored(false), "the metrics are served without TLS"],
      "what the operator does unasked": [cluster({}), "without TLS"],
    },
    ignores: { "a database": object("Database", {}) },
    undecided: { "what is not known": withUnknown(monitored(true), "spec.monitoring.tls.enabled") },
  });
});
