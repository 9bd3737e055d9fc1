import type { Action } from "./actions.ts";
import type { Plan } from "./plan.ts";

/**
 * What two looks at the directory agree on. Between reading groups and people somebody can be renamed or moved, and would
 * look as if they had left: so nothing is taken from anybody that only one look asks for.
 */
export function agreed(first: Plan, second: Plan): Plan {
  const before = new Set(first.actions.filter(takesAway).map(nameOf));
  const doubtful = second.actions.filter((action) => takesAway(action) && !before.has(nameOf(action)));
  const rooms = new Set(doubtful.flatMap((action) => ("alias" in action ? [action.alias] : [])));
  const actions = second.actions.filter(
    (action) =>
      !doubtful.includes(action) &&
      // Who stays for now must not be forgotten.
      !(action.kind === "remember" && action.when === "after" && rooms.has(action.alias)),
  );
  return { ...second, actions };
}

/** Whether somebody can do less afterwards. */
export function takesAway(action: Action): boolean {
  switch (action.kind) {
    case "deactivate":
    case "remove":
      return true;
    case "setAdmin":
      return !action.admin;
    case "setLevels":
      return action.direction === "lower";
    default:
      return false;
  }
}

function nameOf(action: Action): string {
  return JSON.stringify(action, (_, value: unknown) => (value instanceof Map ? [...value] : value));
}
