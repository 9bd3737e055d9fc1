import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { instances } from "./instances.ts";
import { cluster, highlyAvailable, namespace } from "./testing.ts";

describe("postgres-instances", () => {
  itJudges(instances, {
    passes: { three: highlyAvailable({ instances: 3 }), five: highlyAvailable({ instances: 5 }) },
    fails: {
      one: [highlyAvailable({ instances: 1 }), "the cluster has 1 of at least 3 instances"],
      two: [highlyAvailable({ instances: 2 }), "2 of at least 3"],
      "what the operator takes where nothing is said": [highlyAvailable({}), "1 of at least 3"],
    },
    ignores: {
      "an environment that need not survive a node": [namespace("single"), cluster({ instances: 1 })],
      "one that does not say what it is meant to be": [cluster({ instances: 1 })],
      "a stack without PostgreSQL": [namespace("ha")],
    },
    undecided: {
      "a number that is not known": [namespace("ha"), withUnknown(cluster({ instances: 3 }), "spec.instances")],
    },
  });

  describe("with another minimum", () => {
    itJudges(instances, {
      settings: { minimum: 5 },
      passes: { five: highlyAvailable({ instances: 5 }) },
      fails: { three: [highlyAvailable({ instances: 3 }), "3 of at least 5"] },
      ignores: {},
    });
  });
});
