import { describe } from "@jest/globals";
import type { LabelSelector } from "../pack/kubernetes.ts";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { disruptionBudgets } from "./disruption-budgets.ts";
import { ha, others, web } from "./testing.ts";

describe("availability-disruption-budgets", () => {
  const budget = (selector: LabelSelector, namespace = "chat", name = "web") =>
    object("PodDisruptionBudget", { metadata: { name, namespace }, spec: { selector, maxUnavailable: 1 } });
  const own = budget({ matchLabels: { app: "web" } });

  itJudges(disruptionBudgets, {
    passes: {
      "a budget for the pods": [ha, web(2), own],
      "a budget for all pods of the namespace": [ha, web(2), budget({})],
      "a pod alone without one": [ha, web(1)],
    },
    fails: {
      "no budget": [[ha, web(2)], "chat/web has 2 pods and no disruption budget"],
      "a budget for others": [[ha, web(2), budget({ matchLabels: { app: "edge" } })], "no disruption budget"],
      "a budget in another namespace": [[ha, web(2), budget({}, "db")], "no disruption budget"],
      "two budgets": [
        [ha, web(2), own, budget({}, "chat", "all")],
        "has 2 disruption budgets, so that no pod can be moved",
      ],
    },
    ignores: others,
    undecided: { "a selector that is not known": [ha, web(2), withUnknown(own, "spec.selector")] },
  });
});
