/** What a person with a Matrix client can be asked to do: each takes one argument and gives one answer, both JSON. */
export interface Commands {
  /** Signs in with a password on a new device and waits until everything so far is there. */
  signIn(argument: { homeserver: string; user: string; password: string; encryption: boolean }): { userId: string };
  /** The same with what the homeserver gave after a sign-in at the identity provider. */
  signInByToken(argument: { homeserver: string; token: string }): { userId: string };
  whoAmI(argument: Nothing): { userId: string; displayName: string };
  /** What the homeserver answers to the session that the client has: "signed in", or its error code. */
  session(argument: Nothing): { state: string };
  /** Names of the rooms and spaces that the person has joined, and the person's power level in each. */
  rooms(argument: Nothing): { rooms: { name: string; alias: string | null; power: number }[] };
  signOut(argument: Nothing): Nothing;
  createRoom(argument: { name: string; invite: string[]; encrypted: boolean }): { roomId: string };
  /** Accepts the invitation. */
  join(argument: { roomId: string }): Nothing;
  say(argument: { roomId: string; body: string }): { eventId: string };
  /** Waits for a message, and decrypts it where it is encrypted. */
  hear(argument: { roomId: string; body: string; timeoutSeconds: number }): { sender: string; encrypted: boolean };
  /** The event as the homeserver has it. */
  stored(argument: { roomId: string; eventId: string }): { type: string; text: string };
  /** Texts of all messages that the homeserver has of the room, the oldest first. */
  history(argument: { roomId: string }): { bodies: string[] };
  /** Who said what when, likewise. */
  said(argument: { roomId: string }): { messages: Message[] };
  sendFile(argument: { roomId: string; path: string; contentType: string }): { mxc: string };
  download(argument: { mxc: string }): { sha256: string; bytes: number };
  /** Begins to send a message each so many milliseconds, in order, each until it is acknowledged. */
  startTalking(argument: { roomId: string; intervalMs: number; prefix: string }): Nothing;
  /** When messages were acknowledged since, in milliseconds since the epoch. */
  acknowledgements(argument: { since: number }): { at: number[] };
  /** Sends what is still waiting, and tells which messages were acknowledged. */
  stopTalking(argument: { timeoutSeconds: number }): { acknowledged: string[]; waiting: number };
}

export interface Message {
  readonly sender: string;
  readonly body: string;
  /** By the homeserver's clock, in milliseconds since the epoch. */
  readonly at: number;
}

export type Nothing = Record<string, never>;
export type CommandName = keyof Commands;
export type Argument<Name extends CommandName> = Parameters<Commands[Name]>[0];
export type Answer<Name extends CommandName> = ReturnType<Commands[Name]>;

export interface Request<Name extends CommandName = CommandName> {
  readonly id: number;
  readonly command: Name;
  readonly argument: Argument<Name>;
}

export type Response = { readonly id: number } & ({ readonly answer: unknown } | { readonly error: string });
