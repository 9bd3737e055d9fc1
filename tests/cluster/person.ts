/**
 * One person with a Matrix client: a process of its own that does what its parent asks. `matrix-js-sdk` is made of ES
 * modules, which Jest does not load, and every person needs memory and encryption keys of their own.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LoginRequest, MatrixClient, MatrixEvent } from "matrix-js-sdk";
import { ClientEvent, createClient, EventType, MatrixError, Method, MsgType, Preset, SyncState } from "matrix-js-sdk";
import type { Answer, Argument, CommandName, Message, Request, Response } from "./commands.ts";

const ENCRYPTION = { type: "m.room.encryption", state_key: "", content: { algorithm: "m.megolm.v1.aes-sha2" } };
const ATTEMPT_MS = 1000;
const PAUSE_BETWEEN_ATTEMPTS_MS = 100;

type Deeds = { [Name in CommandName]: (argument: Argument<Name>) => Promise<Answer<Name>> };

let session: MatrixClient | undefined;
let talk: Talk | undefined;

const deeds: Deeds = {
  async signIn({ homeserver, user, password, encryption }) {
    const identifier = { type: "m.id.user", user };
    return begin(homeserver, { type: "m.login.password", identifier, password }, encryption);
  },

  async signInByToken({ homeserver, token }) {
    return begin(homeserver, { type: "m.login.token", token }, false);
  },

  async whoAmI() {
    const userId = signedIn().getSafeUserId();
    const { displayname = "" } = await signedIn().getProfileInfo(userId);
    return { userId, displayName: displayname };
  },

  async session() {
    try {
      await signedIn().whoami();
      return { state: "signed in" };
    } catch (error) {
      return { state: error instanceof MatrixError ? (error.errcode ?? error.message) : String(error) };
    }
  },

  async rooms() {
    const client = signedIn();
    const { joined_rooms } = await client.getJoinedRooms();
    const rooms = joined_rooms.map(async (roomId) => {
      const state = await client.roomState(roomId);
      const content = (type: string) => state.find((event) => event.type === type && event.state_key === "")?.content;
      const { users = {}, users_default = 0 } = content("m.room.power_levels") ?? {};
      return {
        name: String(content("m.room.name")?.name ?? ""),
        alias: content("m.room.canonical_alias")?.alias ?? null,
        power: Number(users[client.getSafeUserId()] ?? users_default),
      };
    });
    return { rooms: await Promise.all(rooms) };
  },

  async signOut() {
    const client = signedIn();
    client.stopClient();
    await client.logout(true);
    session = undefined;
    return {};
  },

  async createRoom({ name, invite, encrypted }) {
    const { room_id } = await signedIn().createRoom({
      name,
      invite,
      preset: Preset.PrivateChat,
      // Some homeservers encrypt new rooms unless told otherwise, which is what `power levels alone` cannot undo.
      initial_state: encrypted ? [ENCRYPTION] : [],
    });
    await roomIsThere(room_id);
    return { roomId: room_id };
  },

  async join({ roomId }) {
    await signedIn().joinRoom(roomId);
    await roomIsThere(roomId);
    return {};
  },

  async say({ roomId, body }) {
    const { event_id } = await signedIn().sendTextMessage(roomId, body);
    return { eventId: event_id };
  },

  async hear({ roomId, body, timeoutSeconds }) {
    const event = await until(timeoutSeconds, `a message ${JSON.stringify(body)} in ${roomId}`, () =>
      messages(roomId).find((each) => each.getContent().body === body),
    );
    return { sender: event.getSender() ?? "", encrypted: event.isEncrypted() };
  },

  async stored({ roomId, eventId }) {
    const event = await signedIn().fetchRoomEvent(roomId, eventId);
    return { type: event.type ?? "", text: JSON.stringify(event.content) };
  },

  async history({ roomId }) {
    const { messages } = await deeds.said({ roomId });
    return { bodies: messages.map(({ body }) => body) };
  },

  async said({ roomId }) {
    const messages: Message[] = [];
    for (let from: string | undefined | null = null; from !== undefined; ) {
      const page: HistoryPage = await signedIn().http.authedRequest(
        Method.Get,
        `/rooms/${encodeURIComponent(roomId)}/messages`,
        { dir: "b", limit: "500", ...(from !== null && { from }) },
      );
      for (const { type, sender, content, origin_server_ts: at } of page.chunk) {
        const { body } = content;
        if (type === EventType.RoomMessage && typeof body === "string") messages.push({ sender, body, at });
      }
      from = page.end;
    }
    return { messages: messages.reverse() };
  },

  async sendFile({ roomId, path, contentType }) {
    const content = readFileSync(path);
    const { content_uri } = await signedIn().uploadContent(new Blob([content]), {
      name: basename(path),
      type: contentType,
    });
    await signedIn().sendMessage(roomId, {
      msgtype: MsgType.File,
      body: basename(path),
      url: content_uri,
      info: { mimetype: contentType, size: content.length },
    });
    return { mxc: content_uri };
  },

  async download({ mxc }) {
    const client = signedIn();
    const url = client.mxcUrlToHttp(mxc, undefined, undefined, undefined, false, true, true);
    if (url === null) throw new Error(`${mxc} is no address of a file`);
    const response = await fetch(url, { headers: { authorization: `Bearer ${client.getAccessToken()}` } });
    if (!response.ok) throw new Error(`${mxc}: ${response.status} ${await response.text()}`);
    const content = Buffer.from(await response.arrayBuffer());
    return { sha256: createHash("sha256").update(content).digest("hex"), bytes: content.length };
  },

  async startTalking(argument) {
    if (talk !== undefined) throw new Error("already talking");
    talk = new Talk(argument);
    return {};
  },

  async acknowledgements({ since }) {
    return { at: [...talking().acknowledged.values()].filter((at) => at >= since) };
  },

  async stopTalking({ timeoutSeconds }) {
    const ended = talking();
    talk = undefined;
    return { waiting: await ended.stop(timeoutSeconds), acknowledged: [...ended.acknowledged.keys()] };
  },
};

/** Signs in on a new device, and waits until everything so far is there. */
async function begin(homeserver: string, credentials: LoginRequest, encryption: boolean): Promise<{ userId: string }> {
  const login = await createClient({ baseUrl: homeserver }).loginRequest(credentials);
  session = createClient({
    baseUrl: homeserver,
    userId: login.user_id,
    deviceId: login.device_id,
    accessToken: login.access_token,
  });
  if (encryption) await session.initRustCrypto({ useIndexedDB: false });
  await session.startClient({ initialSyncLimit: 100 });
  await prepared(session);
  return { userId: login.user_id };
}

/** Messages at a steady pace. Each is tried under one transaction identifier until the homeserver acknowledges it. */
class Talk {
  /** When each message was acknowledged, in milliseconds since the epoch. */
  readonly acknowledged = new Map<string, number>();
  private readonly waiting: string[] = [];
  private readonly argument: Argument<"startTalking">;
  private readonly clock: NodeJS.Timeout;
  private readonly sent: Promise<void>;
  private over = false;
  private givenUp = false;

  constructor(argument: Argument<"startTalking">) {
    this.argument = argument;
    let number = 0;
    this.clock = setInterval(() => this.waiting.push(`${argument.prefix}-${++number}`), argument.intervalMs);
    this.sent = this.sendAll();
  }

  /** Ends the talk. @returns how many messages could not be sent in time */
  async stop(timeoutSeconds: number): Promise<number> {
    clearInterval(this.clock);
    this.over = true;
    const deadline = setTimeout(() => {
      this.givenUp = true;
    }, timeoutSeconds * 1000);
    await this.sent;
    clearTimeout(deadline);
    return this.waiting.length;
  }

  private async sendAll(): Promise<void> {
    while (!this.givenUp) {
      const [body] = this.waiting;
      if (body === undefined) {
        if (this.over) return;
        await sleep(5);
      } else if (await this.attempt(body)) {
        this.acknowledged.set(body, Date.now());
        this.waiting.shift();
      } else {
        await sleep(PAUSE_BETWEEN_ATTEMPTS_MS);
      }
    }
  }

  private async attempt(body: string): Promise<boolean> {
    const path = `/rooms/${encodeURIComponent(this.argument.roomId)}/send/m.room.message/${encodeURIComponent(body)}`;
    const content = { msgtype: MsgType.Text, body };
    try {
      await signedIn().http.authedRequest(Method.Put, path, undefined, content, {
        localTimeoutMs: ATTEMPT_MS,
        priority: "high",
      });
      return true;
    } catch {
      // Whatever it was, the same message is tried again: that is what a client does while a server is away.
      return false;
    }
  }
}

interface HistoryPage {
  readonly chunk: readonly {
    readonly type: string;
    readonly sender: string;
    readonly content: Readonly<Record<string, unknown>>;
    readonly origin_server_ts: number;
  }[];
  readonly end?: string;
}

function signedIn(): MatrixClient {
  if (session === undefined) throw new Error("not signed in");
  return session;
}

function talking(): Talk {
  if (talk === undefined) throw new Error("not talking");
  return talk;
}

function messages(roomId: string): MatrixEvent[] {
  const events = signedIn().getRoom(roomId)?.getLiveTimeline().getEvents() ?? [];
  return events.filter((event) => event.getType() === EventType.RoomMessage);
}

async function roomIsThere(roomId: string): Promise<void> {
  await until(20, `the room ${roomId}`, () =>
    signedIn().getRoom(roomId)?.getMyMembership() === "join" ? true : undefined,
  );
}

async function prepared(client: MatrixClient): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  client.on(ClientEvent.Sync, (state) => {
    if (state === SyncState.Prepared || state === SyncState.Syncing) resolve();
  });
  await promise;
}

async function until<T>(timeoutSeconds: number, what: string, look: () => T | undefined): Promise<T> {
  const end = Date.now() + timeoutSeconds * 1000;
  while (Date.now() < end) {
    const found = look();
    if (found !== undefined) return found;
    await sleep(25);
  }
  throw new Error(`${what} did not come within ${timeoutSeconds} s`);
}

function perform<Name extends CommandName>({ command, argument }: Request<Name>): Promise<Answer<Name>> {
  const deed: Deeds[Name] = deeds[command];
  return deed(argument);
}

function reply(response: Response): void {
  process.send?.(response);
}

process.on("message", (request: Request) => {
  perform(request).then(
    (answer) => reply({ id: request.id, answer }),
    (error: unknown) => reply({ id: request.id, error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on("disconnect", () => process.exit());
