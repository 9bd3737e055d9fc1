import { createHash } from "node:crypto";
import { groupKey, isAmong, type Rights } from "../../../components/identity/rights.ts";
import type { Refusal } from "./actions.ts";
import type { Account, Directory, Leaver, LeaverReason, Person } from "./model.ts";

/** How many may be deactivated at once. */
export interface LeaverLimit {
  /** Share of the accounts, in percent. */
  readonly percent: number;
  /** Accounts, however few there are. */
  readonly atLeast: number;
}

/** An account that belongs to somebody of the directory. */
export type ManagedAccount = Account & { readonly directoryId: string };

export function isManaged(account: Account): account is ManagedAccount {
  return account.directoryId !== undefined;
}

/** Why the person may not have an account; nothing for who may. */
export function reasonToLeave(person: Person | undefined, rights: Rights): LeaverReason | undefined {
  if (person === undefined) return "absent";
  if (person.state !== "active") return person.state;
  return isAmong(person.groups, rights.signIn) ? undefined : "notAllowed";
}

/** Accounts of those who no longer may have one. */
export function leaversOf(directory: Directory, accounts: readonly ManagedAccount[], rights: Rights): Leaver[] {
  return accounts.flatMap(({ mxid, directoryId, deactivated }) => {
    const reason = reasonToLeave(directory.people.get(directoryId), rights);
    return deactivated || reason === undefined ? [] : [{ mxid, directoryId, reason }];
  });
}

/** A short name of exactly these leavers: what an operator allows is this list, and no other. */
export function fingerprintOf(leavers: readonly Pick<Leaver, "mxid">[]): string {
  const mxids = leavers.map(({ mxid }) => mxid).sort();
  return createHash("sha256").update(mxids.join("\n")).digest("hex").slice(0, 12);
}

export interface Judgement {
  readonly deactivate: readonly Leaver[];
  /** Leavers who keep everything for now. */
  readonly spared: readonly Leaver[];
  readonly refusals: readonly Refusal[];
  /** Whether the deactivations have just been allowed by an operator. */
  readonly approved: boolean;
}

export interface JudgementArgs {
  readonly directory: Directory;
  readonly rights: Rights;
  readonly leavers: readonly Leaver[];
  /** Accounts that belong to somebody of the directory and are in use. */
  readonly accounts: number;
  readonly limit: LeaverLimit;
  /** Leavers that an operator has allowed before. */
  readonly approvedBefore: ReadonlySet<string>;
  /** Fingerprint of the leavers that an operator allows now. */
  readonly approval?: string | undefined;
}

/** Tells leavers from a directory that is broken: it must not empty the company. */
export function judgeLeavers(args: JudgementArgs): Judgement {
  const { directory, leavers } = args;
  const spareAll = (refusal: Refusal): Judgement => {
    return { deactivate: [], spared: leavers, refusals: [refusal], approved: false };
  };
  if (leavers.length === 0) return { deactivate: [], spared: [], refusals: [], approved: false };
  if (directory.people.size === 0)
    return spareAll({ reason: "emptyDirectory", message: "The directory has nobody: nobody is deactivated." });
  const missing = missingGroups(directory, args.rights.signIn === "everyone" ? [] : args.rights.signIn);
  const sure = missing.length === 0 ? leavers : leavers.filter(({ reason }) => reason !== "notAllowed");
  const spared = leavers.filter((leaver) => !sure.includes(leaver));
  const refusals: Refusal[] =
    spared.length === 0
      ? []
      : [
          {
            reason: "missingGroup",
            message: `${spared.length} are not deactivated for being in none of the groups that may sign in: the directory has no group ${missing.join(", ")}.`,
          },
        ];
  const allowed = Math.max(args.limit.atLeast, Math.floor((args.accounts * args.limit.percent) / 100));
  const fingerprint = fingerprintOf(sure);
  const approved = args.approval === fingerprint;
  if (sure.length <= allowed || approved || sure.every(({ mxid }) => args.approvedBefore.has(mxid)))
    return { deactivate: sure, spared, refusals, approved: approved && sure.length > allowed };
  return spareAll({
    reason: "tooManyLeavers",
    message: `${sure.length} of ${args.accounts} accounts would be deactivated, and ${allowed} may be at once: nobody is. If they have really left, allow this list, and only it, by its fingerprint ${fingerprint}.`,
  });
}

/** Names of groups that the directory does not have. */
export function missingGroups(directory: Directory, names: readonly string[]): string[] {
  return names.filter((name) => !directory.groups.has(groupKey(name)));
}
