import type { Problem } from "../../messages/problems.ts";
import { shown } from "../../messages/wording.ts";
import { isControlPlane } from "../../servers/fleet.ts";
import { poolsAsked } from "../../servers/resolve-storage.ts";
import type { MachineSettings, ServerSettings } from "../../settings/servers/index.ts";

/** A machine with its name and its place in the settings. */
export interface Described {
  readonly name: string;
  readonly path: string;
  readonly machine: MachineSettings;
}

/** All machines, in the order in which they were written. */
export function described({ machines }: ServerSettings): readonly Described[] {
  return Object.entries(machines).map(([name, machine]) => ({ name, path: `servers.machines.${name}`, machine }));
}

export function controlPlanes(settings: ServerSettings): readonly Described[] {
  return described(settings).filter(({ machine }) => isControlPlane(machine));
}

/** Whether its pools have disks enough for their sizes to be computed; where not, other rules say so. */
export function isSound(settings: ServerSettings, machine: MachineSettings): boolean {
  const pools = poolsAsked(settings, machine);
  return pools.length > 0 && pools.every(({ members, raid }) => members.length >= (raid === "none" ? 1 : 2));
}

/** One thing that stands somewhere in the settings. */
export interface Placed<Value> {
  readonly path: string;
  /** How a message calls it. */
  readonly of: string;
  readonly value: Value;
}

/** Problems of those whose value came before; `key` is what must differ. */
export function repeatedProblems<Value>(
  things: readonly Placed<Value>[],
  key: (value: Value) => string,
  allowed: (first: Placed<Value>) => string,
  remedy: string,
): Problem[] {
  const first = new Map<string, Placed<Value>>();
  return things.flatMap((thing): Problem[] => {
    const earlier = first.get(key(thing.value));
    first.set(key(thing.value), earlier ?? thing);
    if (earlier === undefined) return [];
    return [{ path: thing.path, given: shown(key(thing.value)), allowed: allowed(earlier), remedy }];
  });
}

/** The names, as a message lists them. */
export function listed(names: readonly string[]): string {
  return names.length === 0 ? "nothing: there are none" : names.join(", ");
}
