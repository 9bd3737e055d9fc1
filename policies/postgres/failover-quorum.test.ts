import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { failoverQuorum } from "./failover-quorum.ts";
import { cluster, highlyAvailable, namespace } from "./testing.ts";

const asks = (failoverQuorum: boolean) => ({
  postgresql: { synchronous: { method: "any", number: 1, failoverQuorum } },
});

describe("postgres-failover-quorum", () => {
  itJudges(failoverQuorum, {
    passes: {
      "a check before the promotion": highlyAvailable(asks(true)),
      // Another rule has that to say.
      "no synchronous standbys": highlyAvailable({}),
    },
    fails: { "no check": [highlyAvailable(asks(false)), "may promote a standby that lacks acknowledged commits"] },
    ignores: { "an environment that need not survive a node": [namespace("single"), cluster(asks(false))] },
    undecided: {
      "what is not known": [
        namespace("ha"),
        withUnknown(cluster(asks(true)), "spec.postgresql.synchronous.failoverQuorum"),
      ],
    },
  });
});
