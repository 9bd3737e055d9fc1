import type { Problem } from "../../messages/problems.ts";
import { nearest } from "../../messages/wording.ts";
import type { RightsSettings } from "../../settings/identity/index.ts";
import { when } from "../rule.ts";
import { groupKey } from "./names.ts";

const RIGHTS = "identity.rights";

/** What is wrong with spaces and rooms as such. */
export function placeProblems({ spaces, rooms }: RightsSettings): Problem[] {
  const names = Object.keys(spaces);
  return [
    ...Object.entries(rooms).flatMap(([alias, { space }]) =>
      space === undefined || Object.hasOwn(spaces, space)
        ? []
        : missingSpace(`${RIGHTS}.rooms.${alias}.space`, space, names),
    ),
    ...Object.keys(rooms).flatMap((alias) =>
      when(
        Object.hasOwn(spaces, alias),
        `${RIGHTS}.rooms.${alias}`,
        alias,
        "another alias than those of spaces: a space is a room, and an alias leads to one",
        `write "${alias}-room", or give the space another alias`,
      ),
    ),
    ...levelProblems("spaces", spaces),
    ...levelProblems("rooms", rooms),
  ];
}

function missingSpace(path: string, space: string, names: readonly string[]): Problem[] {
  const meant = nearest(space, names);
  return when(
    true,
    path,
    space,
    names.length === 0 ? "nothing: there are no spaces yet" : `one of ${names.join(", ")}`,
    meant === undefined ? `add "${space}" to roost:${RIGHTS}.spaces` : `write "${meant}"`,
  );
}

/** A group that has two power levels in one place: what was meant, nobody can tell. */
function levelProblems(
  kind: "spaces" | "rooms",
  places: Readonly<
    Record<string, { readonly moderators: readonly string[]; readonly administrators: readonly string[] }>
  >,
): Problem[] {
  return Object.entries(places).flatMap(([alias, { moderators, administrators }]) => {
    const highest = new Set(administrators.map(groupKey));
    return moderators.flatMap((group, at) =>
      when(
        highest.has(groupKey(group)),
        `${RIGHTS}.${kind}.${alias}.moderators.${at}`,
        group,
        "a group that is not among the administrators: it would have two power levels",
        "remove it here, or there",
      ),
    );
  });
}
