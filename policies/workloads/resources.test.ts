import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { workloadResources } from "./resources.ts";
import { web, webPath } from "./testing.ts";

const all = { resources: { limits: { cpu: "1", memory: "1Gi" } } };

describe("workloads-resources", () => {
  itJudges(workloadResources, {
    passes: {
      "requests and a limit of memory": web({
        resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "1Gi" } },
      }),
      "limits, which are requests too": web({ resources: { limits: { cpu: "1", memory: "1Gi" } } }),
      "what the pod states for all": web(
        {},
        { resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "1Gi" } } },
      ),
      "a container that was added to look": web(all, { ephemeralContainers: [{ name: "look" }] }),
    },
    fails: {
      nothing: [web({}), 'container "web" states no requests.cpu, requests.memory, limits.memory'],
      "no limit of memory": [web({ resources: { requests: { cpu: "1", memory: "1Gi" } } }), "states no limits.memory"],
      "containers that prepare": [
        web(all, { initContainers: [{ name: "prepare", resources: { limits: { memory: "1Gi" } } }] }),
        'container "prepare" states no requests.cpu',
      ],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: { "a limit that is not known": withUnknown(web(all), `${webPath}.resources.limits.memory`) },
  });

  describe("that also asks for temporary storage", () => {
    itJudges(workloadResources, {
      settings: { required: ["limits.ephemeral-storage"] },
      passes: { "a limit of it": web({ resources: { limits: { "ephemeral-storage": "1Gi" } } }) },
      fails: { "no limit of it": [web(all), 'container "web" states no limits.ephemeral-storage'] },
      ignores: {},
    });
  });
});
