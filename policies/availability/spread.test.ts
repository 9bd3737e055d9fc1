import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { spread } from "./spread.ts";
import { ha, others, web } from "./testing.ts";

describe("availability-spread", () => {
  const constraint = (app: string) => ({
    topologySpreadConstraints: [{ topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app } } }],
  });

  itJudges(spread, {
    passes: {
      "pods that are spread": [ha, web(2, constraint("web"))],
      "pods that keep away from each other": [ha, web(2, { affinity: { podAntiAffinity: {} } })],
      "a pod alone": [ha, web(1)],
    },
    fails: {
      "pods that are not": [[ha, web(2)], "chat/web may have all of its 2 pods on one node"],
      "pods that are spread among others": [
        [ha, web(3, constraint("edge"))],
        "chat/web may have all of its 3 pods on one node",
      ],
      "pods that like each other": [[ha, web(2, { affinity: {} })], "on one node"],
    },
    ignores: others,
    undecided: {
      "constraints that are not known": [
        ha,
        withUnknown(web(2, constraint("web")), "spec.template.spec.topologySpreadConstraints"),
      ],
    },
  });
});
