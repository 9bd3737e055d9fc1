/** What came of a message, whichever engine it was for. */
export type Outcome =
  | { readonly kind: "sent"; readonly seconds: number }
  /** For good: the same message would be refused again. */
  | { readonly kind: "refused"; readonly reason: string }
  /** Not now: the homeserver is too busy, or not there. It may say itself for how long. */
  | { readonly kind: "unavailable"; readonly reason: string; readonly waitSeconds?: number };

/** An engine of the IM service, as the program needs it. */
export interface Homeserver {
  /** Says it in the room, as the sender's account. */
  send(message: Outgoing): Promise<Outcome>;
}

export interface Outgoing {
  /** The sender's account, as the engine knows it. */
  readonly account: Account;
  readonly room: string;
  readonly content: Readonly<Record<string, unknown>>;
  /** When it was said, where that is not now. */
  readonly time?: string | undefined;
  /** Makes it one message, however often it is tried. */
  readonly transaction: string;
}

export interface Account {
  /** Without the server's name. */
  readonly localpart: string;
  /** What people see. */
  readonly displayName: string;
}
