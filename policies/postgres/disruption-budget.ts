import { highlyAvailableRule } from "./clusters.ts";

export const disruptionBudget = highlyAvailableRule({
  id: "postgres-disruption-budget",
  title: "Nodes are drained one instance of a highly available PostgreSQL cluster at a time",
  why: "Without a budget whoever drains several nodes evicts primary and standbys together. With it the operator first makes another instance the primary.",
  fix: "Leave `enablePDB` out, or set it to true.",
  severity: "medium",
  controls: { iso: ["A.8.14"] },
  check({ enablePDB }, report) {
    if (enablePDB === false) report("the operator makes no disruption budget");
  },
});
