import { groupsOfPlace, levelIn, type Place, type Room } from "../../../components/identity/rights.ts";
import type { Action, Refusal } from "./actions.ts";
import { missingGroups } from "./leavers.ts";
import type { Directory, Grant, Person, RoomState } from "./model.ts";

/** Level of the service's own account: above administrators, or it could never take their level away again. */
export const OWN_LEVEL = 150;
/** With less, a room that somebody else has made is not the service's to rule. */
const NEEDED_LEVEL = 100;

/** Somebody who may be in rooms. */
export interface Member {
  readonly mxid: string;
  readonly person: Person;
}

export interface PlaceArgs {
  readonly alias: string;
  readonly place: Place | Room;
  readonly space: boolean;
  /** Nothing if there is none yet. */
  readonly room: RoomState | undefined;
  readonly self: string;
  readonly members: readonly Member[];
  /** Whose account exists, but who are left alone for now. */
  readonly spared: ReadonlySet<string>;
  /** Directory keys of the accounts that are in use, and go on to be, by mxid. */
  readonly accounts: ReadonlyMap<string, string>;
  readonly grants: ReadonlyMap<string, Grant>;
  readonly directory: Directory;
}

export interface PlacePlan {
  readonly actions: readonly Action[];
  readonly refusals: readonly Refusal[];
}

/** What makes one room, or space, as the rights have it. */
export function planPlace(args: PlaceArgs): PlacePlan {
  const { alias, place, space, room, self } = args;
  if (room !== undefined && !isOurs(room, self, space)) {
    const message = `#${alias} exists, but ${self} does not rule it: make it a ${space ? "space" : "room"} in which ${self} has power level ${NEEDED_LEVEL} (better ${OWN_LEVEL}), or remove the alias.`;
    return { actions: [], refusals: [{ reason: "roomNotOurs", message }] };
  }
  const state = room === undefined ? [] : stateActions(alias, place, room);
  const create: Action[] = room === undefined ? [{ kind: "createRoom", alias, space, place }] : [];
  const membership = planMembership(args, room ?? newRoom(self));
  return { actions: [...create, ...state, ...membership.actions], refusals: membership.refusals };
}

function isOurs(room: RoomState, self: string, space: boolean): boolean {
  return room.space === space && room.members.has(self) && levelOf(room, self) >= NEEDED_LEVEL;
}

function newRoom(self: string): RoomState {
  const levels = new Map([[self, OWN_LEVEL]]);
  const nobody = new Set<string>();
  return {
    id: "",
    encrypted: false,
    space: false,
    members: nobody,
    banned: nobody,
    levels,
    usersDefault: 0,
    children: nobody,
  };
}

function levelOf(room: RoomState, mxid: string): number {
  return room.levels.get(mxid) ?? room.usersDefault;
}

function stateActions(alias: string, place: Place | Room, room: RoomState): Action[] {
  const set = (type: string, content: Readonly<Record<string, string>>): Action => {
    return { kind: "setRoomState", alias, type, content };
  };
  return [
    ...(room.name === place.name ? [] : [set("m.room.name", { name: place.name })]),
    ...(place.topic === undefined || room.topic === place.topic ? [] : [set("m.room.topic", { topic: place.topic })]),
    // There is no way back from encryption: a room that has it keeps it.
    ...("encrypted" in place && place.encrypted && !room.encrypted
      ? [set("m.room.encryption", { algorithm: "m.megolm.v1.aes-sha2" })]
      : []),
  ];
}

/** Who comes, who goes, and with which level. What was not given by right is never taken away. */
function planMembership(args: PlaceArgs, room: RoomState): PlacePlan {
  const { alias, place, self, grants, spared, accounts } = args;
  const wanted = new Map(
    args.members.flatMap(({ mxid, person }) => {
      const level = levelIn(place, person.groups);
      return level === undefined || mxid === self ? [] : [[mxid, level] as const];
    }),
  );
  const missing = missingGroups(args.directory, groupsOfPlace(place));
  const before = new Map(grants);
  const after = new Map<string, Grant>();
  const joins: Action[] = [];
  const removals: Action[] = [];
  const raised = new Map<string, number | undefined>();
  const lowered = new Map<string, number | undefined>();
  const refusals: Refusal[] = [];
  const own = levelOf(room, self);
  for (const mxid of new Set([...wanted.keys(), ...grants.keys()])) {
    const directoryId = accounts.get(mxid);
    const given = grants.get(mxid) ?? { member: false, level: 0 };
    // Whoever's rights are not known keeps what there is.
    if (spared.has(mxid) || (missing.length > 0 && (wanted.get(mxid) ?? -1) < given.level)) {
      if (grants.has(mxid)) after.set(mxid, given);
      continue;
    }
    const want = wanted.get(mxid);
    const current = levelOf(room, mxid);
    const level = nextLevel({ want: want ?? 0, current, given: given.level });
    if (level !== current && current >= own) {
      refusals.push({
        reason: "levelTooHigh",
        message: `#${alias}: the level of ${mxid} is ${current}, which ${self} with ${own} cannot change.`,
      });
      after.set(mxid, given);
      continue;
    }
    if (level > current) raised.set(mxid, level);
    else if (level < current) lowered.set(mxid, level <= room.usersDefault ? undefined : level);
    const givenLevel = level === current ? Math.min(given.level, want ?? 0) : (want ?? 0);
    const isMember = room.members.has(mxid);
    if (want === undefined) {
      // A deactivated account leaves its rooms by itself.
      if (given.member && isMember && directoryId !== undefined)
        removals.push({ kind: "remove", alias, mxid, directoryId });
      continue;
    }
    if (directoryId === undefined) continue;
    if (!isMember && !room.banned.has(mxid)) joins.push({ kind: "join", alias, mxid, directoryId });
    const member = given.member || (!isMember && !room.banned.has(mxid));
    if (member || givenLevel > 0) after.set(mxid, { member, level: givenLevel });
  }
  const during = new Map([...before, ...after]);
  return {
    actions: [
      ...levels(alias, "lower", lowered),
      ...removals,
      ...(isSame(before, during)
        ? []
        : [{ kind: "remember" as const, when: "before" as const, alias, grants: during }]),
      ...joins,
      ...levels(alias, "raise", raised),
      ...(isSame(during, after) ? [] : [{ kind: "remember" as const, when: "after" as const, alias, grants: after }]),
    ],
    refusals,
  };
}

function levels(
  alias: string,
  direction: "lower" | "raise",
  changes: ReadonlyMap<string, number | undefined>,
): readonly Action[] {
  return changes.size === 0 ? [] : [{ kind: "setLevels", alias, direction, levels: changes }];
}

/** The level that somebody gets: never less than the right, and less than now only where the right gave it. */
function nextLevel({ want, current, given }: { want: number; current: number; given: number }): number {
  if (want > current) return want;
  return given > want && current === given ? want : current;
}

function isSame(a: ReadonlyMap<string, Grant>, b: ReadonlyMap<string, Grant>): boolean {
  if (a.size !== b.size) return false;
  for (const [mxid, grant] of a) {
    const other = b.get(mxid);
    if (other === undefined || other.member !== grant.member || other.level !== grant.level) return false;
  }
  return true;
}
