import { describe } from "@jest/globals";
import type { Kinds } from "../pack/kubernetes.ts";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { budgetsLetDrain } from "./budgets-let-drain.ts";
import { web } from "./testing.ts";

describe("availability-budgets-let-drain", () => {
  const budget = (spec: Kinds["PodDisruptionBudget"]["spec"]) =>
    object("PodDisruptionBudget", {
      metadata: { name: "web", namespace: "chat" },
      spec: { selector: { matchLabels: { app: "web" } }, ...spec },
    });
  const cluster = (spec: Kinds["Cluster"]["spec"]) =>
    object("Cluster", { metadata: { name: "pg", namespace: "chat" }, ...(spec && { spec }) });

  itJudges(budgetsLetDrain, {
    passes: {
      "one pod that may be away": [web(2), budget({ maxUnavailable: 1 })],
      "one pod that has to stay": [web(2), budget({ minAvailable: 1 })],
      "half of the pods that have to stay": [web(2), budget({ minAvailable: "50%" })],
      "pods that something else makes": budget({ minAvailable: 1 }),
      "instances of PostgreSQL": cluster({ instances: 3 }),
      "one instance without a budget": cluster({ instances: 1, enablePDB: false }),
    },
    fails: {
      "no pod that may be away": [
        budget({ maxUnavailable: 0 }),
        "chat/web allows none to be away, so that no pod can be moved",
      ],
      "no share of them": [budget({ maxUnavailable: "0%" }), "allows none to be away"],
      "as many that have to stay as there are": [[web(2), budget({ minAvailable: 2 })], "wants 2 of 2 to stay"],
      "a share that is rounded up to all": [[web(2), budget({ minAvailable: "51%" })], "wants 51% of 2 to stay"],
      "all that have to stay": [budget({ minAvailable: "100%" }), "wants 100% of 0 to stay"],
      "one instance of PostgreSQL": [cluster({ instances: 1 }), "chat/pg has one instance, and a budget that keeps it"],
      "as many instances as the operator makes by itself": [cluster(undefined), "has one instance"],
    },
    ignores: { "a stack without budgets": web(2) },
    undecided: { "a budget that is not known": withUnknown(budget({ maxUnavailable: 1 }), "spec.maxUnavailable") },
  });
});
