import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { disruptionBudget } from "./disruption-budget.ts";
import { cluster, highlyAvailable, namespace } from "./testing.ts";

describe("postgres-disruption-budget", () => {
  itJudges(disruptionBudget, {
    passes: {
      "what the operator does unasked": highlyAvailable({}),
      "a budget": highlyAvailable({ enablePDB: true }),
    },
    fails: { "no budget": [highlyAvailable({ enablePDB: false }), "the operator makes no disruption budget"] },
    ignores: {
      "one instance, whose node a budget would keep from being drained": [
        namespace("single"),
        cluster({ enablePDB: false }),
      ],
    },
    undecided: {
      "what is not known": [namespace("ha"), withUnknown(cluster({ enablePDB: true }), "spec.enablePDB")],
    },
  });
});
