/** Who is in which group, groups in groups counted. Pure. */
import { groupKey } from "../../../components/identity/rights.ts";
import { normalizeDn } from "./dn.ts";

export interface GroupEntry {
  readonly dn: string;
  readonly name: string;
  /** Distinguished names of people and groups. */
  readonly members: readonly string[];
  /** Logins of people, as groups of Unix have them. */
  readonly logins: readonly string[];
}

/** Tells the groups of anybody. */
export interface Memberships {
  /** @returns keys of the names of groups */
  of(person: { readonly dn: string; readonly login: string }): ReadonlySet<string>;
}

/** @param nested whether members of a group's groups are its members */
export function membershipsOf(groups: readonly GroupEntry[], nested: boolean): Memberships {
  const named = new Map(groups.map((group) => [normalizeDn(group.dn), groupKey(group.name)]));
  const parents = new Map<string, string[]>();
  const byLogin = new Map<string, string[]>();
  for (const group of groups) {
    const dn = normalizeDn(group.dn);
    for (const member of group.members) add(parents, normalizeDn(member), dn);
    for (const login of group.logins) add(byLogin, login.toLowerCase(), dn);
  }
  return {
    of({ dn, login }) {
      const found = new Set([...(parents.get(normalizeDn(dn)) ?? []), ...(byLogin.get(login.toLowerCase()) ?? [])]);
      // A set that grows while it is walked: each group is looked at once, whatever circles there are.
      if (nested) for (const group of found) for (const parent of parents.get(group) ?? []) found.add(parent);
      return new Set([...found].flatMap((group) => named.get(group) ?? []));
    },
  };
}

function add(map: Map<string, string[]>, key: string, value: string): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

/** @throws Error when a name that rights are about belongs to two groups: nobody could tell which is meant */
export function refuseAmbiguous(groups: readonly GroupEntry[], names: readonly string[]): void {
  for (const name of names) {
    const same = groups.filter((group) => groupKey(group.name) === groupKey(name));
    if (same.length < 2) continue;
    throw new Error(
      `The directory has ${same.length} groups called ${name}: ${same.map(({ dn }) => dn).join("; ")}. Rights cannot tell which is meant: rename one, or set groupsDn to where only one is.`,
    );
  }
}
