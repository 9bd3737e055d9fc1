import { type Pods, podsOf } from "../pack/pods.ts";
import type { Resource } from "../pack/resource.ts";
import { each, subjectRule } from "../pack/rule.ts";

export const probes = subjectRule(servingPodsOf, {
  id: "workloads-probes",
  title: "Every container that listens says how to see that it is ready, and that it is alive",
  why: "Without a readiness probe users are sent to pods that cannot answer yet, and a rollout goes on over broken ones. Without a liveness probe a process that hangs stays until somebody notices.",
  fix: "Give the container a `readinessProbe` and a `livenessProbe`, the latter more patient.",
  severity: "medium",
  controls: { iso: ["A.8.16"] },
  check({ spec: { initContainers = [], containers = [] } }, report) {
    // An init container that is restarted runs beside the others.
    const beside = initContainers.filter(({ restartPolicy }) => restartPolicy === "Always");
    each([...beside, ...containers], (container) => {
      if ((container.ports ?? []).length === 0) return;
      for (const probe of ["readinessProbe", "livenessProbe"] as const) {
        if (container[probe] === undefined) report(`container "${container.name}" listens, but has no ${probe}`);
      }
    });
  },
});

function servingPodsOf(resource: Resource): Pods | undefined {
  const pods = podsOf(resource);
  const { restartPolicy = "Always" } = pods?.spec ?? {};
  return pods?.runToEnd === false && restartPolicy === "Always" ? pods : undefined;
}
