import type { Problem } from "../../messages/problems.ts";
import { nearest } from "../../messages/wording.ts";
import type { DirectorySettings, RightsSettings } from "../../settings/identity/index.ts";
import type { ImSettings } from "../../settings/im.ts";
import { when } from "../rule.ts";
import { groupKey, knownGroups, repeatedNames } from "./names.ts";

const RIGHTS = "identity.rights";

/** Groups that rights name, each with the path of its list. */
function namedIn(rights: RightsSettings): [path: string, names: readonly string[]][] {
  const { signIn, administrators, createRooms, uploads } = rights;
  const lists: [string, "everyone" | readonly string[]][] = [
    ["signIn", signIn],
    ["administrators", administrators],
    ["createRooms", createRooms],
    ...(["spaces", "rooms"] as const).flatMap((kind) =>
      Object.entries(rights[kind]).flatMap(([alias, place]): [string, "everyone" | readonly string[]][] => [
        [`${kind}.${alias}.members`, place.members],
        [`${kind}.${alias}.moderators`, place.moderators],
        [`${kind}.${alias}.administrators`, place.administrators],
      ]),
    ),
    ["uploads", Object.keys(uploads)],
  ];
  return lists
    .flatMap(([path, names]) => (names === "everyone" ? [] : [[`${RIGHTS}.${path}`, names] as const]))
    .map(([path, names]) => [path, names]);
}

/** Groups that rights name and nobody can be in, and groups that are named twice. */
export function groupProblems(directory: DirectorySettings, rights: RightsSettings): Problem[] {
  const known = knownGroups(directory);
  return namedIn(rights).flatMap(([path, names]) => {
    const placeOf = (name: string, at: number) => (path === `${RIGHTS}.uploads` ? `${path}.${name}` : `${path}.${at}`);
    const twice = repeatedNames(names.map((name, at) => [placeOf(name, at), name] as const));
    return [
      ...names.flatMap((name, at) => unknownGroup(placeOf(name, at), name, known)),
      ...twice.flatMap(({ place, name }) =>
        when(true, place, name, "each group once: a directory tells neither upper from lower case", "remove it"),
      ),
    ];
  });
}

export function unknownGroups(
  path: string,
  names: readonly string[],
  known: ReadonlySet<string> | undefined,
): Problem[] {
  return names.flatMap((name, at) => unknownGroup(`${path}.${at}`, name, known));
}

/** @param known names of the directory's groups; not known where the directory is outside */
function unknownGroup(path: string, name: string, known: ReadonlySet<string> | undefined): Problem[] {
  if (known === undefined || known.has(groupKey(name))) return [];
  const meant = nearest(name, [...known]);
  const all = known.size === 0 ? "there are none yet" : [...known].slice(0, 8).join(", ");
  const remedy = meant === undefined ? `add "${name}" to roost:identity.directory.groups` : `did you mean "${meant}"?`;
  return when(true, path, name, `a group of roost:identity.directory.groups: ${all}`, remedy);
}

export function uploadProblems({ uploads }: RightsSettings, im: ImSettings): Problem[] {
  if (im.engine !== "matrix") return [];
  const { maxUploadMiB } = im.media;
  return Object.entries(uploads).flatMap(([group, size]) =>
    when(
      size > maxUploadMiB,
      `${RIGHTS}.uploads.${group}`,
      size,
      `at most ${maxUploadMiB}, which is roost:im.media.maxUploadMiB: nobody can send more`,
      `write ${maxUploadMiB} or less, or raise roost:im.media.maxUploadMiB`,
    ),
  );
}
