import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noServiceLinks } from "./no-service-links.ts";
import { podPath, web } from "./testing.ts";

describe("workloads-no-service-links", () => {
  itJudges(noServiceLinks, {
    passes: { "a pod that says no": web({}, { enableServiceLinks: false }) },
    fails: {
      "a pod that says nothing": [web({}), "addresses of all services"],
      "a pod that says yes": [web({}, { enableServiceLinks: true }), "addresses of all services"],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: {
      "what is not known": withUnknown(web({}, { enableServiceLinks: false }), `${podPath}.enableServiceLinks`),
    },
  });
});
