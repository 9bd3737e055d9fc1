import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noDefaultServiceAccount } from "./no-default-service-account.ts";
import { podPath, web } from "./testing.ts";

describe("workloads-no-default-service-account", () => {
  itJudges(noDefaultServiceAccount, {
    passes: { "an account of its own": web({}, { serviceAccountName: "web" }) },
    fails: {
      "no account": [web({}), "runs as the default service account"],
      "the default by its name": [web({}, { serviceAccountName: "default" }), "default service account"],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: {
      "an account that is not known": withUnknown(web({}, { serviceAccountName: "" }), `${podPath}.serviceAccountName`),
    },
  });
});
