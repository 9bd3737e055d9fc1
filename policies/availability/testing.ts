import type { PodSpec } from "../pack/kubernetes.ts";
import { deployment, object } from "../pack/testing.ts";

/** A namespace that has to be highly available. */
export const ha = object("Namespace", { metadata: { name: "chat", labels: { "roost/availability": "ha" } } });

/** One that has not. */
export const single = object("Namespace", { metadata: { name: "chat", labels: { "roost/availability": "single" } } });

/** A Deployment of so many pods. */
export function web(replicas: number, spec: PodSpec = {}, name = "web") {
  return deployment({ containers: [{ name }], ...spec }, { name }, replicas);
}

/** What rules about high availability have nothing to say about. */
export const others = {
  "a stack in which nothing has to be": [single, web(1)],
  "a stack that does not say": web(1),
  "pods that run to an end": [ha, object("Job", { spec: { template: { spec: { containers: [{ name: "web" }] } } } })],
  "pods that are switched off": [ha, web(0)],
};
