import { z } from "zod";
import type { Container, PodSpec } from "../pack/kubernetes.ts";
import { each, podRule, withSettings } from "../pack/rule.ts";

const quantities = [
  "requests.cpu",
  "requests.memory",
  "requests.ephemeral-storage",
  "limits.cpu",
  "limits.memory",
  "limits.ephemeral-storage",
] as const;

type Quantity = (typeof quantities)[number];

export const workloadResources = withSettings(
  z.strictObject({
    required: z
      .array(z.enum(quantities))
      .default(["requests.cpu", "requests.memory", "limits.memory"])
      .describe(
        "What every container must state. `limits.cpu` is not asked for: it throttles even where the node is idle.",
      ),
  }),
  ({ required }) =>
    podRule({
      id: "workloads-resources",
      title:
        "Every container states the processors and the memory that it needs, and the memory at which it is stopped",
      why: "Without requests the scheduler fills nodes beyond what they have. Without a limit one leak takes the memory of everything else on the node.",
      fix: "Set `resources.requests` and `resources.limits` of the container.",
      severity: "medium",
      controls: { nsa: ["network/resources"], iso: ["A.8.6"] },
      check({ spec }, report) {
        // Containers that were added to look at a pod cannot state any.
        each([...(spec.initContainers ?? []), ...(spec.containers ?? [])], (container) => {
          const missing = required.filter((quantity) => !states(container, quantity) && !states(spec, quantity));
          if (missing.length > 0) report(`container "${container.name}" states no ${missing.join(", ")}`);
        });
      },
    }),
);

/** Where only the limit is stated, Kubernetes takes it for the request too. */
function states({ resources: { requests = {}, limits = {} } = {} }: Container | PodSpec, quantity: Quantity): boolean {
  const [kind, name = ""] = quantity.split(".");
  return limits[name] !== undefined || (kind === "requests" && requests[name] !== undefined);
}
