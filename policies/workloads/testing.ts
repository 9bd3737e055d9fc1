import type { Container, PodSpec } from "../pack/kubernetes.ts";
import type { KubernetesResource } from "../pack/resource.ts";
import { deployment } from "../pack/testing.ts";

/** A Deployment whose pods have one container, called `web`. */
export function web(container: Partial<Container>, pod: PodSpec = {}): KubernetesResource<"Deployment"> {
  return deployment({ ...pod, containers: [{ name: "web", ...container }] });
}

/** Where its pods are, and where their container is. */
export const podPath = "spec.template.spec";
export const webPath = `${podPath}.containers.0`;
