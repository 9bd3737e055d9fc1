/** All differences of a change line by line, noise too, for those who want to see everything. */
import { type Change, inputsOf } from "./changes.ts";
import { lineDifferences } from "./lines.ts";
import { itemNames } from "./lists.ts";
import { type Difference, pathText, type Step } from "./property-diff.ts";
import { cut } from "./prose.ts";
import { isList, isTree, type Value } from "./value.ts";
import { valueText } from "./words.ts";

/** Longer values and diffs are cut: what is longer nobody reads in a comment. */
const MAX_VALUE = 400;
const MAX_LINES = 150;

export function diffLines({ resource, properties, noise }: Change): string[] {
  const { action, before, after } = resource;
  const lines =
    action === "create" || action === "import"
      ? leaves("+", [], after && inputsOf(resource, after))
      : action === "delete" || action === "forget"
        ? leaves("-", [], before && inputsOf(resource, before))
        : [...properties, ...noise].flatMap(linesOf);
  const left = lines.length - MAX_LINES;
  return left > 0 ? [...lines.slice(0, MAX_LINES), `# and ${left} more lines`] : lines;
}

function linesOf({ path, before, after, isOrder }: Difference): string[] {
  if (isOrder) return [`# ${pathText(path)}: another order`];
  const isText =
    typeof before === "string" && typeof after === "string" && (before.includes("\n") || after.includes("\n"));
  if (isText)
    return [`# ${pathText(path)}`, ...lineDifferences(before, after).diff.map((line) => cut(line, MAX_VALUE))];
  return [...leaves("-", path, before), ...leaves("+", path, after)];
}

/** One line for each value in a tree. */
function leaves(mark: string, path: readonly Step[], value: Value | undefined): string[] {
  if (value === undefined) return [];
  if (isTree(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, item]) => leaves(mark, [...path, key], item));
  }
  if (isList(value) && value.length > 0) {
    const name = itemNames(value);
    return value.flatMap((item, index) => leaves(mark, [...path, { item: name?.(item) ?? `${index}` }], item));
  }
  // A component has no inputs of its own.
  if (path.length === 0) return [];
  return [`${mark} ${pathText(path)}: ${value === "" ? '""' : cut(valueText(value), MAX_VALUE)}`];
}
