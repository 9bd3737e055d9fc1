/** Rights by groups, as data: the settings say them, directory-sync gives them, the homeserver's module obeys them. Pure. */

/** Everyone in the directory, or members of at least one of some groups. */
export type Audience = "everyone" | readonly string[];

/** A space or a room, and who is in it. */
export interface Place {
  readonly name: string;
  /** @default none is set */
  readonly topic?: string | undefined;
  readonly members: Audience;
  /** Groups whose members have power level 50. They are members too. */
  readonly moderators: readonly string[];
  /** Groups whose members have power level 100. They are members too. */
  readonly administrators: readonly string[];
}

export interface Room extends Place {
  /** Localpart of the alias of the space that shows it. @default none */
  readonly space?: string | undefined;
  readonly encrypted: boolean;
}

/** Who may do what, by the names of groups. */
export interface Rights {
  readonly signIn: Audience;
  /** Groups whose members are server administrators. */
  readonly administrators: readonly string[];
  readonly createRooms: Audience;
  /** Largest file that members of a group may send, in MiB; of several the largest counts. */
  readonly uploads: Readonly<Record<string, number>>;
  /** By the localparts of their aliases. */
  readonly spaces: Readonly<Record<string, Place>>;
  readonly rooms: Readonly<Record<string, Room>>;
}

/** What the homeserver itself lets a person do. */
export interface UserProfile {
  readonly createRooms: boolean;
  /** Largest file, in MiB. */
  readonly maxUploadMiB: number;
}

/** Matrix' power levels, as clients name them. */
export const MODERATOR = 50;
export const ADMINISTRATOR = 100;

/** Name of the user type that stands for a profile in Synapse: `member-rooms-50`. */
export function userTypeOf({ createRooms, maxUploadMiB }: UserProfile): string {
  return `member${createRooms ? "-rooms" : ""}-${maxUploadMiB}`;
}

/** Every user type that a person can come to have, and what it stands for. */
export function userTypesOf(rights: Rights, maxUploadMiB: number): Readonly<Record<string, UserProfile>> {
  const sizes = [...new Set([maxUploadMiB, ...Object.values(rights.uploads)])].sort((a, b) => a - b);
  const profiles = [true, false].flatMap((createRooms) => sizes.map((size) => ({ createRooms, maxUploadMiB: size })));
  return Object.fromEntries(profiles.map((profile) => [userTypeOf(profile), profile]));
}

/**
 * A group's name as it is compared: directories tell neither upper from lower case nor composed from decomposed letters.
 * @source https://www.rfc-editor.org/rfc/rfc4518#section-2
 */
export function groupKey(name: string): string {
  return name.normalize("NFKC").toLowerCase().normalize("NFC").trim().replace(/\s+/g, " ");
}

/** @param groups keys of the groups that a person is in: see {@link groupKey} */
export function isAmong(groups: ReadonlySet<string>, audience: Audience): boolean {
  return audience === "everyone" || audience.some((name) => groups.has(groupKey(name)));
}

/** @param maxUploadMiB what those have who are in no group with a limit of its own */
export function profileOf(rights: Rights, groups: ReadonlySet<string>, maxUploadMiB: number): UserProfile {
  const sizes = Object.entries(rights.uploads).flatMap(([name, size]) => (groups.has(groupKey(name)) ? [size] : []));
  return {
    createRooms: isAmong(groups, rights.createRooms) || isAmong(groups, rights.administrators),
    maxUploadMiB: sizes.length > 0 ? Math.max(...sizes) : maxUploadMiB,
  };
}

/** The power level that a person has by right in a place; nothing for who is not in it. */
export function levelIn(place: Place, groups: ReadonlySet<string>): number | undefined {
  if (isAmong(groups, place.administrators)) return ADMINISTRATOR;
  if (isAmong(groups, place.moderators)) return MODERATOR;
  return isAmong(groups, place.members) ? 0 : undefined;
}

/** Names of the groups that a place's rights are about. */
export function groupsOfPlace({ members, moderators, administrators }: Place): readonly string[] {
  return [...(members === "everyone" ? [] : members), ...moderators, ...administrators];
}

/** Names of all groups that any right is about. */
export function groupsOfRights(rights: Rights): readonly string[] {
  const audiences = [rights.signIn, rights.createRooms].flatMap((each) => (each === "everyone" ? [] : each));
  const places = [...Object.values(rights.spaces), ...Object.values(rights.rooms)].flatMap(groupsOfPlace);
  return [...new Set([...audiences, ...rights.administrators, ...Object.keys(rights.uploads), ...places])];
}
