import type { Rights } from "./specification.ts";

/** Pure: the roles that a group brings. Directories do not tell upper from lower case. */
export function rolesOf(group: string, { groups, roles }: Rights): Set<string> {
  const isIt = (name: string) => name.toLowerCase() === group.toLowerCase();
  const further = Object.entries(roles).flatMap(([role, members]) => (members.some(isIt) ? [role] : []));
  return new Set([...groups.filter(isIt), ...further]);
}
