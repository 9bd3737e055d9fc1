/** Values that cannot be known: an exported state holds secrets encrypted, a preview does not know what will be made. */

/** Reading a value that is not known. A rule that is stopped by it is neither met nor broken. */
export class Undecided extends Error {}

/** Stands in a tree of properties for a value that is not known, and says why. */
export class Unknown {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** The same tree, in which reading an {@link Unknown} throws {@link Undecided}, as the engine's own does in a preview. */
export function guarded<Tree extends object>(tree: Tree, path = ""): Tree {
  return new Proxy(tree, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      const here = `${path}.${String(key)}`;
      if (value instanceof Unknown) throw new Undecided(`${here} is not known: ${value.reason}`);
      return typeof value === "object" && value !== null ? guarded(value, here) : value;
    },
  });
}
