import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { postgresResources } from "./resources.ts";
import { cluster } from "./testing.ts";

const limited = cluster({ resources: { requests: { cpu: "1" }, limits: { memory: "4Gi" } } });

describe("postgres-resources", () => {
  itJudges(postgresResources, {
    passes: {
      "a limit of memory, which is a request too": limited,
      "requests and limits": cluster({
        resources: { requests: { cpu: "1", memory: "4Gi" }, limits: { memory: "4Gi" } },
      }),
    },
    fails: {
      nothing: [cluster({}), "the cluster states no requests.cpu, requests.memory, limits.memory"],
      "no limit": [cluster({ resources: { requests: { cpu: "1", memory: "4Gi" } } }), /states no limits\.memory$/],
    },
    ignores: { "a database": object("Database", {}) },
    undecided: { "a limit that is not known": withUnknown(limited, "spec.resources.limits.memory") },
  });
});
