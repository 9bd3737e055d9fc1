import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { noUsageStatistics } from "./no-usage-statistics.ts";
import { homeserver, homeserverPath, others } from "./testing.ts";

describe("im-no-usage-statistics", () => {
  itJudges(noUsageStatistics, {
    passes: { "no reports": homeserver({ report_stats: false }) },
    fails: {
      reports: [homeserver({ report_stats: true }), "report_stats is true instead of false"],
      "nothing said": [homeserver({ report_stats: undefined, listeners: [] }), "report_stats is missing"],
    },
    ignores: others,
    undecided: { "a configuration that is not known": withUnknown(homeserver(), homeserverPath) },
  });
});
