/** Property values as a report may know them: what is secret or not known yet has a type of its own. */

/** A value that must not be seen. */
export class Secret {
  /** Two of the same number hide the same; without one the engine hid it first, and nobody here can tell. */
  readonly number: number | undefined;

  constructor(number?: number) {
    this.number = number;
  }
}

/** A value that the engine learns only when it makes the change. */
export class Unknown {
  /** Told apart from {@link Tree} by the compiler. */
  readonly unknown = true;
}

export interface Tree {
  readonly [key: string]: Value;
}

export type Value = null | boolean | number | string | Secret | Unknown | readonly Value[] | Tree;

export const unknown = new Unknown();

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function isTree(value: Value | undefined): value is Tree {
  return (
    typeof value === "object" &&
    value !== null &&
    !isList(value) &&
    !(value instanceof Secret) &&
    !(value instanceof Unknown)
  );
}

/** What lies at the path; where the way there leads through something hidden or unknown, that. */
export function at(value: Value | undefined, ...path: readonly (string | number)[]): Value | undefined {
  let here = value;
  for (const key of path) {
    if (here instanceof Secret || here instanceof Unknown) return here;
    if (isList(here)) here = typeof key === "number" ? here[key] : undefined;
    else if (isTree(here)) here = Object.hasOwn(here, key) ? here[key] : undefined;
    else return undefined;
  }
  return here;
}

/** The items, or none where it is no list. */
export function itemsOf(value: Value | undefined): readonly Value[] {
  return isList(value) ? value : [];
}

/** The entries, or none where it is no tree. */
export function entriesOf(value: Value | undefined): readonly [string, Value][] {
  return isTree(value) ? Object.entries(value) : [];
}

export function textOf(value: Value | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function numberOf(value: Value | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** The texts in a list; what is no text, hidden or unknown is not among them. */
export function textsOf(value: Value | undefined): readonly string[] {
  return itemsOf(value).filter((item) => typeof item === "string");
}

/** Whether any of it is known only later. */
export function hasUnknown(value: Value | undefined): boolean {
  if (value instanceof Unknown) return true;
  if (isList(value)) return value.some(hasUnknown);
  return isTree(value) && Object.values(value).some(hasUnknown);
}

/**
 * Whether both are the same for all that is known. Two unknown values are; so are two that the engine hid, of which
 * only its own comparison can tell.
 */
export function same(one: Value | undefined, other: Value | undefined): boolean {
  if (one === other) return true;
  if (one instanceof Unknown) return other instanceof Unknown;
  if (one instanceof Secret) return other instanceof Secret && one.number === other.number;
  if (isList(one)) {
    return isList(other) && one.length === other.length && one.every((item, index) => same(item, other[index]));
  }
  if (!isTree(one) || !isTree(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && same(one[key], other[key]))
  );
}
