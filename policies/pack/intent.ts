/** What an environment is meant to be. Its Namespaces say so by labels, so that rules can judge whether it is. */
import { ofKind, type Resource } from "./resource.ts";

/** Whether what runs in the namespace is meant to survive the loss of a node: `roost/availability: ha`. */
export function isHighlyAvailable(stack: readonly Resource[], namespace: string): boolean {
  return hasLabel(stack, namespace, "roost/availability", "ha");
}

/** Whether what is kept in the namespace is meant to last: `roost/protection: production`. */
export function isProduction(stack: readonly Resource[], namespace: string): boolean {
  return hasLabel(stack, namespace, "roost/protection", "production");
}

function hasLabel(stack: readonly Resource[], namespace: string, label: string, value: string): boolean {
  return ofKind(stack, "Namespace").some(
    ({ props: { metadata } }) => metadata?.name === namespace && metadata.labels?.[label] === value,
  );
}
