/** What is compared: the directory, Matrix, and what was given by right before. Data only. */

/** Whether a person may use the account, as the directory says. */
export type PersonState = "active" | "disabled" | "expired" | "notYet";

export interface Person {
  /** Immutable key in the directory. */
  readonly id: string;
  /** Name with which the person signs in. */
  readonly login: string;
  readonly name: string;
  readonly state: PersonState;
  /** Keys of the names of groups that the person is in, those of groups in groups too. */
  readonly groups: ReadonlySet<string>;
  /** Whether the directory has a photo, and what changes at least whenever the photo does. */
  readonly photo: { readonly present: boolean; readonly revision: string };
}

/** All people and groups at a time. It is whole, or it does not exist. */
export interface Directory {
  /** By their ids. */
  readonly people: ReadonlyMap<string, Person>;
  /** Keys of the names of all groups. */
  readonly groups: ReadonlySet<string>;
}

export interface Account {
  readonly mxid: string;
  /** Key in the directory of the person whose account it is; of bots, services and the administrator nothing. */
  readonly directoryId?: string | undefined;
  readonly deactivated: boolean;
  readonly admin: boolean;
  readonly userType?: string | undefined;
  readonly displayName?: string | undefined;
  readonly avatarUrl?: string | undefined;
}

/** A room or space that has the alias of a place. */
export interface RoomState {
  readonly id: string;
  readonly name?: string | undefined;
  readonly topic?: string | undefined;
  readonly encrypted: boolean;
  readonly space: boolean;
  /** Those who have joined. */
  readonly members: ReadonlySet<string>;
  readonly banned: ReadonlySet<string>;
  readonly levels: ReadonlyMap<string, number>;
  /** Level of whom {@link levels} does not name. */
  readonly usersDefault: number;
  /** Ids of the rooms that a space shows. */
  readonly children: ReadonlySet<string>;
}

/** What a person was given in a room by right: the rest was given by hand, and is nobody's business. */
export interface Grant {
  readonly member: boolean;
  /** Power level; 0 is none. */
  readonly level: number;
}

/** The photo that was given to an account. */
export interface GivenPhoto {
  readonly revision: string;
  /** Address of the uploaded file, and its SHA-256; nothing if the directory has no photo. */
  readonly file?: { readonly url: string; readonly sha256: string } | undefined;
}

/** What is remembered from run to run; it is kept in Matrix. */
export interface Ledger {
  /** By the id of the room, then by mxid. */
  readonly grants: ReadonlyMap<string, ReadonlyMap<string, Grant>>;
  /** By mxid. */
  readonly photos: ReadonlyMap<string, GivenPhoto>;
  /** Accounts whose deactivation an operator has allowed although they are many. */
  readonly approved: ReadonlySet<string>;
}

export interface Matrix {
  /** The service's own account. */
  readonly self: string;
  readonly accounts: readonly Account[];
  /** By the localpart of the alias; what is missing does not exist. */
  readonly rooms: ReadonlyMap<string, RoomState>;
}

/** Why somebody no longer has an account. */
export type LeaverReason = "absent" | "notAllowed" | Exclude<PersonState, "active">;

export interface Leaver {
  readonly mxid: string;
  readonly directoryId: string;
  readonly reason: LeaverReason;
}
