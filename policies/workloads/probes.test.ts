import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { probes } from "./probes.ts";
import { web, webPath } from "./testing.ts";

describe("workloads-probes", () => {
  const ports = [{ containerPort: 8080 }];
  const probe = { httpGet: { path: "/healthz", port: 8080 } };

  itJudges(probes, {
    passes: {
      "both probes": web({ ports, readinessProbe: probe, livenessProbe: probe }),
      "a container that does not listen": web({}),
      "a container that ends before the others begin": web(
        { ports, readinessProbe: probe, livenessProbe: probe },
        { initContainers: [{ name: "prepare", ports }] },
      ),
    },
    fails: {
      "no probes": [
        web({ ports }),
        '"web" listens, but has no readinessProbe',
        '"web" listens, but has no livenessProbe',
      ],
      "one of them": [web({ ports, readinessProbe: probe }), "has no livenessProbe"],
      "a container beside the others": [
        web({}, { initContainers: [{ name: "proxy", restartPolicy: "Always", ports, readinessProbe: probe }] }),
        '"proxy" listens, but has no livenessProbe',
      ],
    },
    ignores: {
      "what makes no pods": object("ConfigMap", {}),
      "pods that run to an end": object("Job", {
        spec: { template: { spec: { containers: [{ name: "web", ports }] } } },
      }),
      "a pod that is not started again": object("Pod", {
        spec: { restartPolicy: "Never", containers: [{ name: "a", ports }] },
      }),
    },
    undecided: { "ports that are not known": withUnknown(web({ ports }), `${webPath}.ports`) },
  });
});
