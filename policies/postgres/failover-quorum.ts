import { highlyAvailableRule } from "./clusters.ts";

export const failoverQuorum = highlyAvailableRule({
  id: "postgres-failover-quorum",
  title: "A standby is promoted only if it must have every acknowledged commit",
  why: "With two standbys of which any one confirms, the other may lack the last commits. Without the check it becomes the primary if it is the only one that can be reached.",
  fix: "Set `postgresql.synchronous.failoverQuorum: true`.",
  severity: "medium",
  controls: { iso: ["A.8.14"] },
  check({ postgresql: { synchronous } = {} }, report) {
    if (synchronous !== undefined && synchronous.failoverQuorum !== true) {
      report("the operator may promote a standby that lacks acknowledged commits");
    }
  },
});
