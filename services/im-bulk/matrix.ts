/**
 * Matrix: the program is an application service, and has accounts of its own in the namespace that is its alone.
 *
 * @source https://spec.matrix.org/v1.16/application-service-api/#client-server-api-extensions
 */
import type { Agent } from "node:https";
import * as z from "zod";
import { type JsonResponse, requestJson } from "../runtime/http-json.ts";
import { messageOf } from "../runtime/log.ts";
import { given, RefusedError, UnavailableError } from "./answer.ts";
import type { Account, Homeserver, Outcome, Outgoing } from "./outcome.ts";

/**
 * Each account has one device, as which it writes: of a message without a device Synapse keeps the transaction's id in its memory alone,
 * and would take it for another one after a restart.
 */
const DEVICE = "BULK";

/** How long what is known of a room counts, and of how many rooms it is kept. */
const ROOM_MINUTES = 10;
const MOST_ROOMS = 10_000;

const TIMEOUT_MS = 60_000;

export interface MatrixArgs {
  /** Of the client API, without a path. */
  readonly url: string;
  /** Name that identifiers end in. */
  readonly domain: string;
  /** Of the application service. */
  readonly token: string;
  readonly agent: Agent;
}

const aliased = z.object({ room_id: z.string() });

interface Room {
  readonly id: string;
  /** Until when that is believed, in milliseconds. */
  readonly until: number;
}

export class Matrix implements Homeserver {
  private readonly args: MatrixArgs;
  /** Accounts that are there. */
  private readonly ready = new Set<string>();
  /** Rooms that an account is in, by both. */
  private readonly rooms = new Map<string, Room>();

  constructor(args: MatrixArgs) {
    this.args = args;
  }

  async send(message: Outgoing): Promise<Outcome> {
    try {
      await this.prepare(message.account);
      return { kind: "sent", seconds: await this.sendIn(message) };
    } catch (error) {
      if (error instanceof RefusedError) return { kind: "refused", reason: error.message };
      if (!(error instanceof UnavailableError)) throw error;
      const { message: reason, waitSeconds } = error;
      return { kind: "unavailable", reason, ...(waitSeconds !== undefined && { waitSeconds }) };
    }
  }

  /** Who was put out of a room after it was known to be in it tries once to get in again. */
  private async sendIn(message: Outgoing): Promise<number> {
    const key = `${message.account.localpart} ${message.room}`;
    const known = this.rooms.get(key);
    if (known !== undefined && known.until > Date.now()) {
      try {
        return await this.put(message, known.id);
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error;
      }
    }
    this.rooms.delete(key);
    const id = await this.enter(message.account, message.room);
    if (this.rooms.size >= MOST_ROOMS) this.rooms.clear();
    this.rooms.set(key, { id, until: Date.now() + ROOM_MINUTES * 60_000 });
    return this.put(message, id);
  }

  /** Makes the account and its device, where they are not there yet. */
  private async prepare(account: Account): Promise<void> {
    const { localpart } = account;
    if (this.ready.has(localpart)) return;
    const body = { type: "m.login.application_service", username: localpart, inhibit_login: true };
    const answer = await this.request("POST", "/_matrix/client/v3/register", body);
    if (!isTaken(answer)) given(answer, `make the account ${localpart}`);
    await this.ask(account, "PUT", `devices/${DEVICE}`, { display_name: "im-bulk" }, "make its device");
    this.ready.add(localpart);
  }

  /**
   * Joins the room, where it was invited or the room lets everybody in, under its name for people. That name is the room's: where
   * names follow the directory, accounts cannot change their own.
   */
  private async enter(account: Account, room: string): Promise<string> {
    const id = room.startsWith("#") ? await this.resolve(account, room) : room;
    const place = `rooms/${encodeURIComponent(id)}`;
    const user = this.userId(account);
    const membership = { membership: "join", displayname: account.displayName };
    const member = `${place}/state/m.room.member/${encodeURIComponent(user)}`;
    await this.ask(account, "PUT", member, membership, `enter ${room} (invite ${user})`);
    const encryption = `${place}/state/m.room.encryption`;
    if ((await this.asked(account, "GET", encryption)).status === 200)
      throw new RefusedError(`${room} is encrypted, and what comes by this way is not`);
    return id;
  }

  private async resolve(account: Account, alias: string): Promise<string> {
    const path = `directory/room/${encodeURIComponent(alias)}`;
    const answer = aliased.safeParse(await this.ask(account, "GET", path, undefined, `find ${alias}`));
    if (!answer.success) throw new UnavailableError(`find ${alias}: an answer without a room`);
    return answer.data.room_id;
  }

  /** @returns the seconds that the homeserver needed */
  private async put({ account, content, time, transaction }: Outgoing, room: string): Promise<number> {
    const path = `rooms/${encodeURIComponent(room)}/send/m.room.message/${encodeURIComponent(transaction)}`;
    const parameters = { device_id: DEVICE, ...(time !== undefined && { ts: String(Date.parse(time)) }) };
    const started = performance.now();
    given(await this.asked(account, "PUT", path, content, parameters), `write to ${room}`);
    return (performance.now() - started) / 1000;
  }

  private async ask(account: Account, method: string, path: string, body: unknown, what: string): Promise<unknown> {
    return given(await this.asked(account, method, path, body), what);
  }

  private asked(
    account: Account,
    method: string,
    path: string,
    body?: unknown,
    parameters: Readonly<Record<string, string>> = {},
  ): Promise<JsonResponse> {
    const query = new URLSearchParams({ user_id: this.userId(account), ...parameters });
    return this.request(method, `/_matrix/client/v3/${path}?${query}`, body);
  }

  private async request(method: string, path: string, body?: unknown): Promise<JsonResponse> {
    const { url, token, agent } = this.args;
    const headers = { authorization: `Bearer ${token}` };
    try {
      return await requestJson({ method, url: `${url}${path}`, headers, body, agent, timeoutMs: TIMEOUT_MS });
    } catch (error) {
      throw new UnavailableError(`the homeserver does not answer: ${messageOf(error)}`);
    }
  }

  private userId({ localpart }: Account): string {
    return `@${localpart}:${this.args.domain}`;
  }
}

function isTaken({ body }: JsonResponse): boolean {
  return z.object({ errcode: z.literal("M_USER_IN_USE") }).safeParse(body).success;
}
