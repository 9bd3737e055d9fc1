/** What an environment is meant to be, as its namespaces say by labels. */
import { ofKind, type Resource } from "./resource.ts";

const availability = "roost/availability";
const protection = "roost/protection";

/** Whether what lies in the namespace has to go on when a pod or a node does not. */
export function isHighlyAvailable(stack: readonly Resource[], namespace: string): boolean {
  const own = ofKind(stack, "Namespace").find(({ props }) => props.metadata?.name === namespace);
  const said = own?.props.metadata?.labels?.[availability];
  // A namespace that says nothing, such as an operator's, serves those that do.
  return said === undefined ? asksForAvailability(stack) : said === "ha";
}

/** Whether that is so in any namespace. */
export function asksForAvailability(stack: readonly Resource[]): boolean {
  return ofKind(stack, "Namespace").some(({ props }) => props.metadata?.labels?.[availability] === "ha");
}

/** Whether what the stack holds must not be lost. */
export function isProduction(stack: readonly Resource[]): boolean {
  return ofKind(stack, "Namespace").some(({ props }) => props.metadata?.labels?.[protection] === "production");
}
