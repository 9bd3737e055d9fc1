/** Pure: which roles each group brings, by the groups that it is in. */
import type { Rights } from "./specification.ts";

/** A group as Keycloak keeps it. */
export interface Group {
  readonly name?: string;
  /** `memberOf`: distinguished names of the groups that it is in. */
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
}

/** Roles of the groups' members: of the groups that are named, and of those that these are in, however deep. */
export function rolesByGroup(groups: readonly Group[], rights: Rights): Map<string, Set<string>> {
  const parents = new Map(
    groups.map(({ name = "", attributes }) => [folded(name), (attributes?.memberOf ?? []).map(nameInDn)] as const),
  );
  const brings = new Map<string, Set<string>>();
  const add = (group: string, role: string) => {
    const key = folded(group);
    brings.set(key, (brings.get(key) ?? new Set()).add(role));
  };
  for (const group of rights.groups) add(group, group);
  for (const [role, members] of Object.entries(rights.roles)) for (const group of members) add(group, role);
  return new Map(
    groups.map(({ name = "" }) => [
      name,
      new Set(above(folded(name), parents).flatMap((each) => [...(brings.get(each) ?? [])])),
    ]),
  );
}

/** A group and all that it is in; groups that are in each other end the walk. */
function above(group: string, parents: ReadonlyMap<string, readonly string[]>): string[] {
  const seen = new Set([group]);
  // A set also hands out what is added to it meanwhile.
  for (const each of seen) for (const parent of parents.get(each) ?? []) seen.add(parent);
  return [...seen];
}

/** The value of the first part of a distinguished name, `cn=Sales\, EU,ou=groups`: the group's name. */
function nameInDn(dn: string): string {
  const [first = ""] = /^(?:\\.|[^,\\])*/.exec(dn) ?? [];
  const value = first.slice(first.indexOf("=") + 1);
  const bytes = value.replace(/(?:\\[0-9a-f]{2})+/gi, (escaped) =>
    Buffer.from(escaped.replaceAll("\\", ""), "hex").toString("utf8"),
  );
  return folded(bytes.replace(/\\(.)/g, "$1"));
}

/** Directories do not tell upper from lower case. */
function folded(name: string): string {
  return name.toLowerCase();
}
