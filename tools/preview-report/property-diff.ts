/** What differs between two versions of a resource's properties, told by where it lies. */
import { isOrdered, itemNames } from "./lists.ts";
import { isList, isTree, Secret, same, type Tree, Unknown, type Value } from "./value.ts";

/** A key, or an item of a list by its name or position. */
export type Step = string | { readonly item: string };

export interface Difference {
  readonly path: readonly Step[];
  /** Missing where it is added. */
  readonly before?: Value;
  /** Missing where it is removed. */
  readonly after?: Value;
  /** Nothing but the order of a list's items differs. */
  readonly isOrder?: boolean;
}

/** The differences, down to where a whole value, subtree or item is new, gone or another. */
export function differences(before: Tree, after: Tree, path: readonly Step[] = []): Difference[] {
  return keysOf(before, after).flatMap((key) => {
    const here = [...path, key];
    const [old, now] = [own(before, key), own(after, key)];
    if (old === undefined) return now === undefined ? [] : [{ path: here, after: now }];
    if (now === undefined) return [{ path: here, before: old }];
    return between(old, now, here, { list: key, parent: after });
  });
}

interface Where {
  readonly list: string;
  readonly parent: Tree | undefined;
}

function between(before: Value, after: Value, path: readonly Step[], where: Where): Difference[] {
  if (same(before, after)) return [];
  if (isTree(before) && isTree(after)) return differences(before, after, path);
  if (isList(before) && isList(after)) return betweenLists(before, after, path, where);
  return [{ path, before, after }];
}

function betweenLists(
  before: readonly Value[],
  after: readonly Value[],
  path: readonly Step[],
  where: Where,
): Difference[] {
  const name = itemNames(before, after);
  const found = name === undefined ? betweenBags(before, after, path) : betweenNamed(before, after, path, name);
  if (found.length > 0) return found;
  const isOrder = !isOrdered(where.list, where.parent);
  return [{ path, before, after, ...(isOrder && { isOrder }) }];
}

function betweenNamed(
  before: readonly Value[],
  after: readonly Value[],
  path: readonly Step[],
  name: (item: Value) => string,
): Difference[] {
  const byName = (items: readonly Value[]) => Object.fromEntries(items.map((item) => [name(item), item]));
  const [old, now] = [byName(before), byName(after)];
  return keysOf(old, now).flatMap((key) => {
    const here = [...path, { item: key }];
    const [one, other] = [own(old, key), own(now, key)];
    if (one === undefined) return other === undefined ? [] : [{ path: here, after: other }];
    if (other === undefined) return [{ path: here, before: one }];
    return between(one, other, here, { list: "", parent: undefined });
  });
}

/** Items without names: what is in both, wherever, is left out; what remains is paired as long as both sides have some. */
function betweenBags(before: readonly Value[], after: readonly Value[], path: readonly Step[]): Difference[] {
  const gone = without(before, after);
  const come = without(after, before);
  const isOne = gone.length === 1 && come.length === 1;
  if (isOne && gone[0] && come[0] && before.length === after.length) {
    return between(gone[0].item, come[0].item, [...path, { item: `${come[0].index}` }], {
      list: "",
      parent: undefined,
    });
  }
  return [
    ...gone.map(({ item, index }) => ({ path: [...path, { item: `${index}` }], before: item })),
    ...come.map(({ item, index }) => ({ path: [...path, { item: `${index}` }], after: item })),
  ];
}

function without(
  items: readonly Value[],
  others: readonly Value[],
): { readonly item: Value; readonly index: number }[] {
  const left = [...others];
  return items.flatMap((item, index) => {
    const found = left.findIndex((other) => same(item, other));
    if (found < 0) return [{ item, index }];
    left.splice(found, 1);
    return [];
  });
}

function keysOf(before: Tree, after: Tree): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])];
}

function own(tree: Tree, key: string): Value | undefined {
  return Object.hasOwn(tree, key) ? tree[key] : undefined;
}

/** The difference value by value: what was added or removed as a whole falls into all that is in it. */
export function leavesOf({ path, before, after, ...rest }: Difference): Difference[] {
  const whole = before ?? after;
  if ((before !== undefined && after !== undefined) || !(isTree(whole) || isList(whole))) {
    return [{ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }), ...rest }];
  }
  const name = isList(whole) ? itemNames(whole) : undefined;
  const items: (readonly [Step, Value])[] = isTree(whole)
    ? Object.entries(whole)
    : whole.map((item, index) => [{ item: name?.(item) ?? `${index}` }, item]);
  return items.flatMap(([step, value]) =>
    leavesOf({ path: [...path, step], ...(before === undefined ? { after: value } : { before: value }) }),
  );
}

/** A path that the provider gave, with items by their names, as {@link differences} has them. */
export function stepsOf(path: readonly (string | number)[], before: Tree, after: Tree): Step[] {
  const steps: Step[] = [];
  let [old, now]: [Value | undefined, Value | undefined] = [before, after];
  for (const key of path) {
    if (typeof key === "number") {
      const lists = [old, now].filter(isList);
      const item = (isList(now) ? now[key] : undefined) ?? (isList(old) ? old[key] : undefined);
      steps.push({ item: (item !== undefined && itemNames(...lists)?.(item)) || `${key}` });
      [old, now] = [isList(old) ? old[key] : undefined, isList(now) ? now[key] : undefined];
    } else {
      steps.push(key);
      [old, now] = [isTree(old) ? own(old, key) : undefined, isTree(now) ? own(now, key) : undefined];
    }
  }
  return steps;
}

/** What lies at the steps; an item of a list by its name, wherever it stands in this version. */
export function valueAt(tree: Value | undefined, steps: readonly Step[]): Value | undefined {
  return steps.reduce<Value | undefined>((here, step) => {
    if (here instanceof Secret || here instanceof Unknown) return here;
    if (typeof step === "string") return isTree(here) ? own(here, step) : undefined;
    if (!isList(here)) return undefined;
    const name = itemNames(here);
    return name === undefined ? here[Number(step.item)] : here.find((item) => name(item) === step.item);
  }, tree);
}

/** Whether one lies at, above or below the other. */
export function areRelated(one: readonly Step[], other: readonly Step[]): boolean {
  const length = Math.min(one.length, other.length);
  return one.slice(0, length).every((step, index) => stepText(step) === stepText(other[index] ?? ""));
}

function stepText(step: Step): string {
  return typeof step === "string" ? `.${step}` : `[${step.item}]`;
}

/** `spec.template.spec.containers[web].image` */
export function pathText(path: readonly Step[]): string {
  return path
    .map((step) => {
      if (typeof step !== "string") return `[${step.item}]`;
      return /^[\w$-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
    })
    .join("")
    .replace(/^\./, "");
}
