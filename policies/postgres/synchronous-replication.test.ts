import { describe } from "@jest/globals";
import type { PostgresClusterSpec } from "../pack/kubernetes.ts";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { synchronousReplication } from "./synchronous-replication.ts";
import { cluster, highlyAvailable, namespace } from "./testing.ts";

const synchronous = { method: "any", number: 1, dataDurability: "required" };
const three = (postgresql: PostgresClusterSpec["postgresql"] = {}) => ({ instances: 3, postgresql });

describe("postgres-synchronous-replication", () => {
  itJudges(synchronousReplication, {
    passes: {
      "one standby that must confirm": highlyAvailable(three({ synchronous })),
      "two of them, in order": highlyAvailable(three({ synchronous: { method: "first", number: 2 } })),
      "standbys that must have applied it": highlyAvailable(
        three({ synchronous, parameters: { synchronous_commit: "remote_apply" } }),
      ),
    },
    fails: {
      "nothing said": [highlyAvailable(three()), "the primary waits for no standby"],
      "no standby": [highlyAvailable(three({ synchronous: { ...synchronous, number: 0 } })), "waits for no standby"],
      "going on alone": [
        highlyAvailable(three({ synchronous: { ...synchronous, dataDurability: "preferred" } })),
        'with dataDurability "preferred" the primary goes on alone',
      ],
      "more standbys than there are": [
        highlyAvailable(three({ synchronous: { ...synchronous, number: 3 } })),
        "waits for 3 standbys, and there are 2",
      ],
      "a parameter that makes it useless": [
        highlyAvailable(three({ synchronous, parameters: { synchronous_commit: "local" } })),
        'with synchronous_commit "local" no commit waits for a standby',
      ],
    },
    ignores: { "an environment that need not survive a node": [namespace("single"), cluster(three())] },
    undecided: {
      "standbys that are not known": [
        namespace("ha"),
        withUnknown(cluster(three({ synchronous })), "spec.postgresql.synchronous"),
      ],
    },
  });
});
