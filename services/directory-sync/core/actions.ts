import type { Place, Room } from "../../../components/identity/rights.ts";
import type { Grant, Leaver, Person } from "./model.ts";

interface OnAccount {
  readonly mxid: string;
  readonly directoryId: string;
}

interface InRoom {
  /** Localpart of the room's alias. */
  readonly alias: string;
}

/** One change in Matrix. Each can be done again without harm. */
export type Action =
  /** Remembers that an operator has allowed these deactivations, so that a restart does not ask again. */
  | { readonly kind: "approve"; readonly mxids: readonly string[] }
  | ({ readonly kind: "deactivate" } & Leaver)
  /** Takes the directory's key from a deactivated account: the next sign-in makes a new one. */
  | ({ readonly kind: "release" } & OnAccount)
  /** Gives a deactivated account back, to the person with this directory key. */
  | ({ readonly kind: "reactivate" } & OnAccount)
  | ({ readonly kind: "setAdmin"; readonly admin: boolean } & OnAccount)
  | ({ readonly kind: "setProfile"; readonly displayName?: string; readonly userType?: string } & OnAccount)
  | ({ readonly kind: "setPhoto"; readonly person: Person } & OnAccount)
  | ({ readonly kind: "createRoom"; readonly space: boolean; readonly place: Place | Room } & InRoom)
  | ({
      readonly kind: "setRoomState";
      readonly type: string;
      readonly content: Readonly<Record<string, string>>;
    } & InRoom)
  /** Shows a room in a space. */
  | ({ readonly kind: "addChild"; readonly child: string } & InRoom)
  /** Written before people join, and again after others were removed: whatever interrupts a run, nothing given is forgotten. */
  | ({
      readonly kind: "remember";
      readonly when: "before" | "after";
      readonly grants: ReadonlyMap<string, Grant>;
    } & InRoom)
  | ({ readonly kind: "join" } & InRoom & OnAccount)
  | ({ readonly kind: "remove" } & InRoom & OnAccount)
  /** Power levels by mxid; nothing takes the person's entry away. All are raised, or all are lowered. */
  | ({
      readonly kind: "setLevels";
      readonly direction: "lower" | "raise";
      readonly levels: ReadonlyMap<string, number | undefined>;
    } & InRoom);

export type ActionKind = Action["kind"];

/** What is not done, and why: for the log, and to alarm. */
export interface Refusal {
  readonly reason: "emptyDirectory" | "tooManyLeavers" | "missingGroup" | "roomNotOurs" | "levelTooHigh";
  readonly message: string;
}
