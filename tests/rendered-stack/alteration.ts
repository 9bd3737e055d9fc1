/** What is done to the real program, where no setting can bring it about. */
import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

export interface Edit {
  /** Kind and name of the resource in the program. */
  readonly about: string;
  /** Where in its inputs: their name, and the way from there. */
  readonly path: readonly [string, ...string[]];
  /** What stands there then, from what stood there before. */
  readonly change: (before: unknown) => unknown;
}

export interface Alteration {
  readonly edits?: readonly Edit[];
  /** Makes resources beside the program's own, with its provider. */
  readonly also?: (provider: kubernetes.Provider) => void;
}

/** Alterations by their names, as a module exports them: `export const alterations: Alterations`. */
export type Alterations = Readonly<Record<string, Alteration>>;

/** A resource's inputs after an edit. */
export function edited(inputs: pulumi.Inputs, { path: [input, ...rest], change }: Edit): pulumi.Inputs {
  return { ...inputs, [input]: changedAt(inputs[input], rest, change) };
}

/** The same value, but for what is at the path; on the way may be what the engine tells only later. */
function changedAt(value: unknown, [key, ...rest]: readonly string[], change: (before: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  if (pulumi.Output.isInstance(value)) return value.apply((known) => changedAt(known, [key, ...rest], change));
  if (Array.isArray(value))
    return value.map((item, index) => (`${index}` === key ? changedAt(item, rest, change) : item));
  const before: object = typeof value === "object" && value !== null ? value : {};
  return { ...before, [key]: changedAt(Reflect.get(before, key), rest, change) };
}
