import type { Problem } from "../../messages/problems.ts";
import type { DirectorySettings } from "../../settings/identity/index.ts";
import type { ImSettings } from "../../settings/im.ts";
import { when } from "../rule.ts";
import { groupKey, knownGroups, repeatedNames } from "./names.ts";
import { unknownGroups } from "./rights.ts";

const PEOPLE = "identity.directory.people";
const GROUPS = "identity.directory.groups";

/** Localparts of programs that have an account in Matrix. */
const PROGRAMS = ["directory-sync", "probe-a", "probe-b", "archive"];

/** What is wrong with the people and groups of an embedded directory. */
export function embeddedProblems(directory: DirectorySettings): Problem[] {
  if (directory.kind !== "embedded") return [];
  const known = knownGroups(directory);
  const people = Object.entries(directory.people);
  const groups = Object.entries(directory.groups);
  return [
    ...people.flatMap(([login, person]) => [
      ...unknownGroups(`${PEOPLE}.${login}.groups`, person.groups, known),
      ...twiceIn(`${PEOPLE}.${login}.groups`, person.groups),
      ...dateProblems(`${PEOPLE}.${login}.expires`, person.expires),
    ]),
    ...sharedBy(people, "mail"),
    ...sharedBy(people, "employeeNumber"),
    ...groups.flatMap(([name, group]) => [
      ...unknownGroups(`${GROUPS}.${name}.groups`, group.groups, known),
      ...twiceIn(`${GROUPS}.${name}.groups`, group.groups),
    ]),
    ...repeatedNames(groups.map(([name]) => [name, name] as const)).flatMap(({ name, first }) =>
      when(
        true,
        `${GROUPS}.${name}`,
        name,
        `a name that differs from "${first}" by more than upper and lower case: a directory does not tell them apart`,
        "remove one of them, or give it another name",
      ),
    ),
    ...circleProblems(directory.groups),
  ];
}

/** Names that are taken by accounts of the homeserver's own. */
export function reservedProblems(directory: DirectorySettings, im: ImSettings): Problem[] {
  if (directory.kind !== "embedded" || im.engine !== "matrix") return [];
  const reserved = [im.administrator.localpart, ...PROGRAMS];
  return Object.keys(directory.people).flatMap((login) =>
    when(
      reserved.includes(login),
      `${PEOPLE}.${login}`,
      login,
      `none of ${reserved.join(", ")}: these are accounts of the homeserver's own`,
      "give the person another login, or set roost:im.administrator.localpart to another name",
    ),
  );
}

export function twiceIn(path: string, names: readonly string[]): Problem[] {
  return repeatedNames(names.map((name, at) => [at, name] as const)).flatMap(({ place, name }) =>
    when(true, `${path}.${place}`, name, "each group once", "remove it"),
  );
}

function sharedBy(
  people: readonly (readonly [
    string,
    { readonly mail?: string | undefined; readonly employeeNumber?: string | undefined },
  ])[],
  what: "mail" | "employeeNumber",
): Problem[] {
  const values = people.flatMap(([login, person]) => {
    const value = person[what];
    return value === undefined ? [] : [[login, value] as const];
  });
  return repeatedNames(values).flatMap(({ place, name, first }) =>
    when(
      true,
      `${PEOPLE}.${place}.${what}`,
      name,
      `a value of one person: "${first}" has this one`,
      "correct one of them",
    ),
  );
}

function dateProblems(path: string, date: string | undefined): Problem[] {
  return when(
    date !== undefined && !new Date(`${date}T00:00:00Z`).toISOString().startsWith(date),
    path,
    date,
    "a day that the calendar has",
    "correct the day of the month",
  );
}

/** Groups that contain themselves, by way of others: each circle is named once. */
function circleProblems(groups: Readonly<Record<string, { readonly groups: readonly string[] }>>): Problem[] {
  const named = new Map(Object.entries(groups).map(([name, { groups: inside }]) => [groupKey(name), { name, inside }]));
  const finished = new Set<string>();
  const visit = (key: string, way: readonly string[]): Problem[] => {
    const group = named.get(key);
    if (group === undefined || finished.has(key)) return [];
    const at = way.indexOf(group.name);
    if (at >= 0) {
      const circle = [...way.slice(at), group.name].join(" > ");
      const remedy = "take one of these groups out of the other";
      return when(true, `${GROUPS}.${group.name}.groups`, circle, "groups that do not contain themselves", remedy);
    }
    const problems = group.inside.flatMap((inner) => visit(groupKey(inner), [...way, group.name]));
    finished.add(key);
    return problems;
  };
  return [...named.keys()].flatMap((key) => visit(key, []));
}
