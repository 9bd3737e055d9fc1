import { isAmong, profileOf, type Rights, userTypeOf } from "../../../components/identity/rights.ts";
import type { Action, Refusal } from "./actions.ts";
import {
  isManaged,
  judgeLeavers,
  type LeaverLimit,
  leaversOf,
  type ManagedAccount,
  missingGroups,
  reasonToLeave,
} from "./leavers.ts";
import type { Account, Directory, Leaver, Ledger, Matrix, Person } from "./model.ts";
import { planPlace } from "./rooms.ts";

export interface PlanSettings {
  readonly rights: Rights;
  /** Largest file for those whose groups say nothing, in MiB. */
  readonly maxUploadMiB: number;
  readonly maxLeavers: LeaverLimit;
  /** Whether who comes back gets a new account, or the old one. */
  readonly rehire: "new" | "same";
  /** Accounts that are never touched, whatever they look like. */
  readonly protectedAccounts: ReadonlySet<string>;
}

export interface PlanArgs {
  readonly settings: PlanSettings;
  readonly directory: Directory;
  readonly matrix: Matrix;
  readonly ledger: Ledger;
  /** Fingerprint of the leavers that an operator allows. */
  readonly approval?: string | undefined;
}

export interface Plan {
  /** In the order in which they are done. */
  readonly actions: readonly Action[];
  readonly refusals: readonly Refusal[];
  readonly leavers: readonly Leaver[];
}

/**
 * What has to be done for Matrix to be as the directory and the rights say. Pure: the same snapshots give the same plan,
 * and a plan that was carried out leaves nothing to do.
 */
export function plan({ settings, directory, matrix, ledger, approval }: PlanArgs): Plan {
  const { rights } = settings;
  const accounts = matrix.accounts.filter(isManaged).filter((account) => isTouchable(account, matrix, settings));
  const inUse = accounts.filter(({ deactivated }) => !deactivated);
  const leavers = leaversOf(directory, accounts, rights);
  const judgement = judgeLeavers({
    directory,
    rights,
    leavers,
    accounts: inUse.length,
    limit: settings.maxLeavers,
    approvedBefore: ledger.approved,
    approval,
  });
  const leaving = new Set(leavers.map(({ mxid }) => mxid));
  const staying = inUse.flatMap((account) => {
    const person = directory.people.get(account.directoryId);
    return person === undefined || leaving.has(account.mxid) ? [] : [{ account, person }];
  });
  const deactivated = new Set(judgement.deactivate.map(({ mxid }) => mxid));
  const goingOn = inUse.filter(({ mxid }) => !deactivated.has(mxid));
  const places = planPlaces({ settings, directory, matrix, ledger, approval }, staying, judgement.spared, goingOn);
  const actions: Action[] = [
    ...(judgement.approved ? [{ kind: "approve" as const, mxids: judgement.deactivate.map(({ mxid }) => mxid) }] : []),
    ...judgement.deactivate.map((leaver) => ({ kind: "deactivate" as const, ...leaver })),
    ...planReturns(settings, directory, accounts),
    ...places.actions,
    ...staying.flatMap((each) => planAccount(each, settings, directory, ledger)),
  ];
  return {
    actions: inOrder(actions),
    refusals: [...judgement.refusals, ...places.refusals],
    leavers,
  };
}

function isTouchable({ mxid }: Account, { self }: Matrix, { protectedAccounts }: PlanSettings): boolean {
  return mxid !== self && !protectedAccounts.has(mxid);
}

interface Staying {
  readonly account: ManagedAccount;
  readonly person: Person;
}

function planPlaces(
  { settings, directory, matrix, ledger }: PlanArgs,
  staying: readonly Staying[],
  spared: readonly Leaver[],
  goingOn: readonly ManagedAccount[],
): { readonly actions: readonly Action[]; readonly refusals: readonly Refusal[] } {
  const { rights } = settings;
  const common = {
    self: matrix.self,
    directory,
    members: staying.map(({ account, person }) => ({ mxid: account.mxid, person })),
    spared: new Set(spared.map(({ mxid }) => mxid)),
    accounts: new Map(goingOn.map(({ mxid, directoryId }) => [mxid, directoryId])),
  };
  const plans = [
    ...Object.entries(rights.spaces).map(([alias, place]) => ({ alias, place, space: true })),
    ...Object.entries(rights.rooms).map(([alias, place]) => ({ alias, place, space: false })),
  ].map((each) => {
    const room = matrix.rooms.get(each.alias);
    const grants = ledger.grants.get(room?.id ?? "") ?? new Map();
    return planPlace({ ...common, ...each, room, grants });
  });
  const children = Object.entries(rights.rooms).flatMap(([child, { space }]): Action[] => {
    if (space === undefined) return [];
    const parent = matrix.rooms.get(space);
    const room = matrix.rooms.get(child);
    const shown = parent !== undefined && room !== undefined && parent.children.has(room.id);
    const ours = parent === undefined || parent.members.has(matrix.self);
    return shown || !ours ? [] : [{ kind: "addChild", alias: space, child }];
  });
  return {
    actions: [...plans.flatMap(({ actions }) => actions), ...children],
    refusals: plans.flatMap(({ refusals }) => refusals),
  };
}

/** Those who come back to an account that was deactivated when they left. */
function planReturns(
  { rights, rehire }: PlanSettings,
  directory: Directory,
  accounts: readonly ManagedAccount[],
): Action[] {
  const deactivated = accounts.filter((account) => account.deactivated);
  const allowed = (id: string) => reasonToLeave(directory.people.get(id), rights) === undefined;
  const back = deactivated.filter(({ directoryId }) => allowed(directoryId));
  if (rehire === "new") return back.map(({ mxid, directoryId }) => ({ kind: "release", mxid, directoryId }));
  // Their entry in the directory may be another one than before; the login is what tells that it is the same person.
  const owners = new Set(accounts.map(({ directoryId }) => directoryId));
  const newByLogin = new Map(
    [...directory.people.values()]
      .filter(({ id }) => allowed(id) && !owners.has(id))
      .map((person) => [person.login.toLowerCase(), person.id]),
  );
  const reassigned = deactivated.flatMap(({ mxid, directoryId }) => {
    const id = newByLogin.get(localpartOf(mxid));
    return id === undefined || directory.people.has(directoryId) ? [] : [{ mxid, directoryId: id }];
  });
  return [...back, ...reassigned].map(({ mxid, directoryId }) => ({ kind: "reactivate", mxid, directoryId }));
}

/** What a person's own account is like. */
function planAccount(
  { account, person }: Staying,
  settings: PlanSettings,
  directory: Directory,
  ledger: Ledger,
): Action[] {
  const { rights, maxUploadMiB } = settings;
  const who = { mxid: account.mxid, directoryId: person.id };
  const admin = isAmong(person.groups, rights.administrators);
  // A group that is gone says nothing about who was in it.
  const keepsAdmin = account.admin && missingGroups(directory, rights.administrators).length > 0;
  const userType = userTypeOf(profileOf(rights, person.groups, maxUploadMiB));
  const profile = {
    ...(account.displayName !== person.name && { displayName: person.name }),
    ...(account.userType !== userType && { userType }),
  };
  return [
    ...(admin !== account.admin && !keepsAdmin ? [{ kind: "setAdmin" as const, admin, ...who }] : []),
    ...(Object.keys(profile).length > 0 ? [{ kind: "setProfile" as const, ...profile, ...who }] : []),
    ...(photoDiffers(account, person, ledger) ? [{ kind: "setPhoto" as const, person, ...who }] : []),
  ];
}

function photoDiffers(account: Account, { photo }: Person, ledger: Ledger): boolean {
  const given = ledger.photos.get(account.mxid);
  // People without a photo in the directory choose their own.
  if (!photo.present) return given?.file !== undefined;
  return given?.revision !== photo.revision || (given.file !== undefined && account.avatarUrl !== given.file.url);
}

function localpartOf(mxid: string): string {
  return mxid.slice(1, mxid.indexOf(":"));
}

/** What is taken away comes before what is given; what is needed comes before what needs it. */
function inOrder(actions: readonly Action[]): Action[] {
  return [...actions].sort((a, b) => phaseOf(a) - phaseOf(b));
}

function phaseOf(action: Action): number {
  switch (action.kind) {
    case "approve":
      return 0;
    case "deactivate":
      return 1;
    case "setAdmin":
      return action.admin ? 12 : 2;
    case "setLevels":
      return action.direction === "lower" ? 3 : 11;
    case "remove":
      return 4;
    case "release":
    case "reactivate":
      return 5;
    case "createRoom":
      return action.space ? 6 : 7;
    case "setRoomState":
    case "addChild":
      return 8;
    case "remember":
      return action.when === "before" ? 9 : 15;
    case "join":
      return 10;
    case "setProfile":
      return 13;
    case "setPhoto":
      return 14;
  }
}
