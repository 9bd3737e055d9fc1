import { describe } from "@jest/globals";
import { stringify } from "yaml";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { homeserverMetrics } from "./homeserver-metrics.ts";
import { others } from "./testing.ts";

describe("observability-homeserver-metrics", () => {
  const homeserver = (settings: object) =>
    object("ConfigMap", {
      data: { "homeserver.yaml": stringify({ server_name: "example.org", report_stats: false, ...settings }) },
    });
  const listeners = [
    { port: 8008, resources: [{ names: ["client"] }] },
    { port: 9000, resources: [{ names: ["metrics"] }] },
  ];

  itJudges(homeserverMetrics, {
    passes: { metrics: homeserver({ enable_metrics: true, listeners }) },
    fails: {
      "no metrics": [homeserver({}), "enable_metrics is not true", "no listener answers metrics"],
      "metrics that nobody can ask for": [
        homeserver({ enable_metrics: true, listeners: [{ port: 8008 }] }),
        "no listener",
      ],
    },
    ignores: others,
    undecided: { "a configuration that is not known": withUnknown(homeserver({}), ["data", "homeserver.yaml"]) },
  });
});
