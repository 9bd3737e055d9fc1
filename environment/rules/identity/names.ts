import type { DirectorySettings } from "../../settings/identity/index.ts";

/** A group's name as directories compare it: neither by case nor by how a letter is composed. */
export function groupKey(name: string): string {
  return name.normalize("NFKC").toLowerCase().trim().replace(/\s+/g, " ");
}

/** Names of the embedded directory's groups, or nothing where the directory is outside and they are not known. */
export function knownGroups(directory: DirectorySettings): ReadonlySet<string> | undefined {
  return directory.kind === "embedded" ? new Set(Object.keys(directory.groups).map(groupKey)) : undefined;
}

/** Each value that stands for the same as an earlier one, with its place. */
export function repeatedNames<Place>(
  named: readonly (readonly [place: Place, name: string])[],
): { readonly place: Place; readonly name: string; readonly first: Place }[] {
  const seen = new Map<string, Place>();
  return named.flatMap(([place, name]) => {
    const first = seen.get(groupKey(name));
    if (first !== undefined) return [{ place, name, first }];
    seen.set(groupKey(name), place);
    return [];
  });
}
