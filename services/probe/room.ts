import { z } from "zod";
import type { Call, Session } from "./session.ts";

const created = z.object({ room_id: z.string() });
const joined = z.object({ joined_rooms: z.array(z.string()) });
const remembered = z.object({ room: z.string(), day: z.string() });
/** Account data in which the first account keeps which room it is, over restarts. */
const MEMORY = "roost.probe.room";

/**
 * The room that the two accounts talk in: another one each day, so that none grows without end. The one before is left and
 * forgotten by both, after which the homeserver deletes what was in it (`forgotten_room_retention_period`).
 */
export class Room {
  private readonly first: Session;
  private readonly second: Session;
  private readonly timeoutMs: number;
  private readonly today: () => string;
  private current: { readonly room: string; readonly day: string } | undefined;
  private moving: Promise<string> | undefined;

  constructor(
    [first, second]: readonly [Session, Session],
    timeoutMs: number,
    today: () => string = () => new Date().toISOString().slice(0, 10),
  ) {
    this.first = first;
    this.second = second;
    this.timeoutMs = timeoutMs;
    this.today = today;
  }

  /** Today's room, in which both are. */
  async id(): Promise<string> {
    if (this.current?.day === this.today()) return this.current.room;
    this.moving ??= this.enter().finally(() => {
      this.moving = undefined;
    });
    return this.moving;
  }

  /** Another one is made: something is wrong with this one. */
  leave(): void {
    this.current = undefined;
  }

  private async enter(): Promise<string> {
    const day = this.today();
    const before = await this.remembered();
    const [ours, theirs] = [await this.roomsOf(this.first), await this.roomsOf(this.second)];
    const there = before !== undefined && ours.includes(before.room) && theirs.includes(before.room);
    const room = there && before.day === day ? before.room : await this.make(day);
    await this.remember({ room, day });
    this.current = { room, day };
    for (const [session, rooms] of [
      [this.first, ours],
      [this.second, theirs],
    ] as const)
      for (const old of rooms) if (old !== room) await this.forget(session, old);
    return room;
  }

  private async make(day: string): Promise<string> {
    const body = {
      name: `probe ${day}`,
      topic: "Two programs talk here, to find out whether people could",
      preset: "private_chat",
      visibility: "private",
      invite: [this.second.user],
    };
    const room = await this.call(this.first, "make a room", "POST", "createRoom", created, body);
    await this.call(this.second, "join a room", "POST", `join/${encodeURIComponent(room.room_id)}`, z.unknown(), {});
    return room.room_id;
  }

  private async forget(session: Session, room: string): Promise<void> {
    const path = `rooms/${encodeURIComponent(room)}`;
    await this.call(session, "leave a room", "POST", `${path}/leave`, z.unknown(), {});
    await this.call(session, "forget a room", "POST", `${path}/forget`, z.unknown(), {});
  }

  private async roomsOf(session: Session): Promise<readonly string[]> {
    return (await this.call(session, "list rooms", "GET", "joined_rooms", joined)).joined_rooms;
  }

  private get memory(): string {
    return `user/${encodeURIComponent(this.first.user)}/account_data/${MEMORY}`;
  }

  private async remembered(): Promise<{ readonly room: string; readonly day: string } | undefined> {
    try {
      return remembered.safeParse(await this.call(this.first, "read what room it is", "GET", this.memory, z.unknown()))
        .data;
    } catch (error) {
      if (error instanceof Error && "status" in error && error.status === 404) return undefined;
      throw error;
    }
  }

  private async remember(room: { readonly room: string; readonly day: string }): Promise<void> {
    await this.call(this.first, "remember what room it is", "PUT", this.memory, z.unknown(), room);
  }

  private call<T>(
    session: Session,
    what: string,
    method: Call["method"],
    path: string,
    schema: z.ZodType<T>,
    body?: unknown,
  ): Promise<T> {
    const call = { what, method, path: `/_matrix/client/v3/${path}`, timeoutMs: this.timeoutMs };
    return session.call({ ...call, ...(body !== undefined && { body }) }, schema);
  }
}
