/** What is known about lists in Kubernetes objects: how their items are told apart, and where order means nothing. */
import { isTree, type Tree, textOf, type Value } from "./value.ts";

/** Keys that tell items apart, the first that all items have and no two share. Source: `x-kubernetes-list-map-keys`. */
const IDENTITIES: readonly (readonly string[])[] = [
  ["name"],
  ["kind", "name", "namespace"],
  ["containerPort", "protocol"],
  ["port", "protocol"],
  ["mountPath"],
  ["topologyKey", "whenUnsatisfiable"],
  ["key", "operator", "value", "effect"],
  ["host"],
  ["ip"],
  ["uid"],
  ["type"],
];

/** Lists whose order has a meaning, though their items have names. */
const ORDERED = new Set([
  "args",
  "command",
  "initContainers",
  "pg_hba",
  "pg_ident",
  "rules",
  "paths",
  "matches",
  "filters",
]);

/** What items of both lists are called, or nothing where they cannot be told apart. */
export function itemNames(...lists: readonly (readonly Value[])[]): ((item: Value) => string) | undefined {
  const all = lists.flat();
  if (all.length === 0 || !all.every(isTree)) return undefined;
  for (const keys of IDENTITIES) {
    const name = (item: Value) => nameBy(keys, item);
    if (lists.every((items) => areDistinct(items.map(name)))) return name;
  }
  return undefined;
}

function nameBy([first = "", ...rest]: readonly string[], item: Value): string {
  if (!isTree(item) || !isScalar(item[first])) return "";
  return [item[first], ...rest.map((key) => item[key])].filter(isScalar).join(" ");
}

function isScalar(value: Value | undefined): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

function areDistinct(names: readonly string[]): boolean {
  return names.every((name) => name !== "") && new Set(names).size === names.length;
}

/** Whether the order of the list says something. RBAC's and network policies' rules are a set, an Ingress's are not. */
export function isOrdered(list: string, parent: Tree | undefined): boolean {
  if (list === "rules") return !/Role$/.test(textOf(parent?.kind) ?? "");
  return ORDERED.has(list);
}
