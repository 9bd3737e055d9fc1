import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { antiAffinity } from "./anti-affinity.ts";
import { cluster, highlyAvailable, namespace } from "./testing.ts";

const apart = (podAntiAffinityType: string) => ({ affinity: { enablePodAntiAffinity: true, podAntiAffinityType } });

describe("postgres-anti-affinity", () => {
  itJudges(antiAffinity, {
    passes: {
      "instances that must be apart": highlyAvailable(apart("required")),
      "instances that should be apart, where it is only a trial": highlyAvailable(apart("preferred"), "disposable"),
      "what the operator does unasked, where it is only a trial": highlyAvailable({}, "disposable"),
    },
    fails: {
      "instances that only should be apart": [highlyAvailable(apart("preferred")), "should be on different nodes"],
      "what the operator does unasked": [highlyAvailable({}), "should be on different nodes"],
      "instances that nothing keeps apart": [
        highlyAvailable({ affinity: { enablePodAntiAffinity: false } }, "disposable"),
        "nothing keeps the instances apart",
      ],
    },
    ignores: { "an environment that need not survive a node": [namespace("single"), cluster({})] },
    undecided: {
      "what is not known": [
        namespace("ha"),
        withUnknown(cluster(apart("required")), "spec.affinity.podAntiAffinityType"),
      ],
    },
  });
});
