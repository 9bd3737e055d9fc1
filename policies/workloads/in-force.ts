import type { Container, PodSecurityContext, SecurityContext } from "../pack/kubernetes.ts";
import type { Pods } from "../pack/pods.ts";

/** A field of the security context as it holds for a container: its own, or else the pod's. */
export function inForce<Field extends keyof PodSecurityContext & keyof SecurityContext>(
  field: Field,
  container: Container,
  pods: Pods,
): (PodSecurityContext & SecurityContext)[Field] | undefined {
  return container.securityContext?.[field] ?? pods.spec.securityContext?.[field];
}
