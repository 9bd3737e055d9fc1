import { kafkaRule } from "./kafka-rule.ts";

export const noUncleanElection = kafkaRule({
  id: "kafka-no-unclean-election",
  title: "No copy leads that lacks acknowledged records",
  why: "An unclean election makes a copy the leader that was not in sync. What the old one had acknowledged is then gone for good, though somebody was told that it is kept.",
  fix: "Remove `unclean.leader.election.enable`, whose default is false.",
  severity: "high",
  controls: { iso: ["A.5.33", "A.8.14"], gbt: ["8.1.4.7 b)"] },
  check({ properties }, report) {
    if (properties.get("unclean.leader.election.enable") === "true") report("allows unclean elections of leaders");
  },
});
