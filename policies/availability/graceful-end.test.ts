import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { gracefulEnd } from "./graceful-end.ts";
import { web } from "./testing.ts";

const ignores = {
  "pods that run to an end": object("Job", { spec: { template: { spec: { terminationGracePeriodSeconds: 0 } } } }),
  "another kind": object("Service", {}),
};

describe("availability-graceful-end", () => {
  itJudges(gracefulEnd, {
    passes: { "time enough": web(1, { terminationGracePeriodSeconds: 10 }), "Kubernetes's own default": web(1) },
    fails: {
      "no time": [web(1, { terminationGracePeriodSeconds: 0 }), "the pods are killed after 0 s, sooner than 5 s"],
    },
    ignores,
    undecided: {
      "a time that is not known": withUnknown(
        web(1, { terminationGracePeriodSeconds: 0 }),
        "spec.template.spec.terminationGracePeriodSeconds",
      ),
    },
  });
});

describe("availability-graceful-end, as an operator may set it", () => {
  itJudges(gracefulEnd, {
    settings: { minimumSeconds: 60 },
    passes: { "a longer time": web(1, { terminationGracePeriodSeconds: 60 }) },
    fails: { "Kubernetes's own": [web(1), "after 30 s, sooner than 60 s"] },
    ignores,
  });
});
