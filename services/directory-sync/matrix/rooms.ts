import { z } from "zod";
import type { Place, Room } from "../../../components/identity/rights.ts";
import type { RoomState } from "../core/model.ts";
import { OWN_LEVEL } from "../core/rooms.ts";
import type { Homeserver } from "./homeserver.ts";

const resolved = z.object({ room_id: z.string() });
const memberList = z.object({ members: z.array(z.string()) });
const stateEvent = z.object({ type: z.string(), state_key: z.string(), content: z.record(z.string(), z.unknown()) });
const stateList = z.object({ state: z.array(stateEvent) });
const memberEvents = z.object({ chunk: z.array(stateEvent) });
const powerLevels = z.looseObject({
  users: z.record(z.string(), z.number()).default({}),
  users_default: z.number().default(0),
});

type StateEvent = z.output<typeof stateEvent>;

/** Members up to which a room's whole state is read at once. */
const SMALL = 200;
const TYPES = ["m.room.create", "m.room.power_levels", "m.room.name", "m.room.topic", "m.room.encryption"] as const;
/** Ours has a level above administrators; from version 12 on, whoever makes a room could not have one. */
const ROOM_VERSION = "11";

/** Rooms by the localparts of their aliases. */
export class Rooms {
  private readonly homeserver: Homeserver;
  private readonly ids = new Map<string, string>();

  constructor(homeserver: Homeserver) {
    this.homeserver = homeserver;
  }

  /** @param expected who should be in it: only if somebody is missing does it matter who is banned */
  async read(alias: string, space: boolean, expected: readonly string[]): Promise<RoomState | undefined> {
    const path = `/_matrix/client/v3/directory/room/${encodeURIComponent(this.aliasOf(alias))}`;
    const found = await this.homeserver.find(path, resolved);
    if (found === undefined) {
      this.ids.delete(alias);
      return undefined;
    }
    const id = found.room_id;
    this.ids.set(alias, id);
    const room = `/_synapse/admin/v1/rooms/${encodeURIComponent(id)}`;
    const members = new Set((await this.homeserver.get(`${room}/members`, memberList)).members);
    const missing = expected.some((mxid) => !members.has(mxid));
    const state =
      members.size <= SMALL
        ? (await this.homeserver.get(`${room}/state`, stateList)).state
        : await this.stateInParts(room, id, space, missing);
    return roomState(id, members, state);
  }

  private async stateInParts(room: string, id: string, space: boolean, bans: boolean): Promise<StateEvent[]> {
    const state: StateEvent[] = [];
    for (const type of [...TYPES, ...(space ? ["m.space.child"] : [])])
      state.push(...(await this.homeserver.get(`${room}/state?type=${type}`, stateList)).state);
    if (bans) {
      const path = `/_matrix/client/v3/rooms/${encodeURIComponent(id)}/members?membership=ban`;
      state.push(...((await this.homeserver.find(path, memberEvents))?.chunk ?? []));
    }
    return state;
  }

  idOf(alias: string): string {
    const id = this.ids.get(alias);
    if (id === undefined) throw new Error(`#${alias} does not exist yet`);
    return id;
  }

  async create(alias: string, space: boolean, place: Place | Room): Promise<void> {
    const encrypted = "encrypted" in place && place.encrypted;
    const content = {
      room_alias_name: alias,
      room_version: ROOM_VERSION,
      name: place.name,
      ...(place.topic !== undefined && { topic: place.topic }),
      preset: "private_chat",
      visibility: "private",
      ...(space && { creation_content: { type: "m.space" } }),
      ...(encrypted && {
        initial_state: [{ type: "m.room.encryption", state_key: "", content: { algorithm: "m.megolm.v1.aes-sha2" } }],
      }),
      power_level_content_override: {
        users: { [this.homeserver.self]: OWN_LEVEL },
        // Nobody talks in a space; and who is in it is not for everybody to say.
        ...(space && { events_default: 100 }),
        invite: 50,
      },
    };
    const answer = resolved.parse(
      await this.homeserver.write("POST", "/_matrix/client/v3/createRoom", { body: content }),
    );
    this.ids.set(alias, answer.room_id);
  }

  async setState(
    alias: string,
    type: string,
    stateKey: string,
    content: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await this.homeserver.write("PUT", `${this.statePath(alias, type)}/${encodeURIComponent(stateKey)}`, {
      body: content,
    });
  }

  async addChild(space: string, child: string): Promise<void> {
    await this.setState(space, "m.space.child", this.idOf(child), {
      via: [this.homeserver.serverName],
      suggested: true,
    });
  }

  /** Lets somebody in who need not be asked. */
  async join(alias: string, mxid: string): Promise<void> {
    const path = `/_synapse/admin/v1/join/${encodeURIComponent(this.idOf(alias))}`;
    await this.homeserver.write("POST", path, { body: { user_id: mxid } });
  }

  async remove(alias: string, mxid: string, reason: string): Promise<void> {
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(this.idOf(alias))}/kick`;
    await this.homeserver.write("POST", path, { body: { user_id: mxid, reason } });
  }

  async setLevels(alias: string, levels: ReadonlyMap<string, number | undefined>): Promise<void> {
    const content = await this.homeserver.get(this.statePath(alias, "m.room.power_levels"), powerLevels);
    const users = { ...content.users };
    for (const [mxid, level] of levels) {
      if (level === undefined) delete users[mxid];
      else users[mxid] = level;
    }
    await this.setState(alias, "m.room.power_levels", "", { ...content, users });
  }

  private statePath(alias: string, type: string): string {
    return `/_matrix/client/v3/rooms/${encodeURIComponent(this.idOf(alias))}/state/${type}`;
  }

  private aliasOf(localpart: string): string {
    return `#${localpart}:${this.homeserver.serverName}`;
  }
}

function roomState(id: string, members: ReadonlySet<string>, state: readonly StateEvent[]): RoomState {
  const content = (type: string) => state.find((event) => event.type === type && event.state_key === "")?.content;
  const textOf = (type: string, key: string) => {
    const value = content(type)?.[key];
    return typeof value === "string" ? value : undefined;
  };
  const levels = powerLevels.parse(content("m.room.power_levels") ?? {});
  const banned = state.filter(({ type, content: { membership } }) => type === "m.room.member" && membership === "ban");
  const children = state.filter((event) => event.type === "m.space.child" && Array.isArray(event.content.via));
  return {
    id,
    name: textOf("m.room.name", "name"),
    topic: textOf("m.room.topic", "topic"),
    encrypted: content("m.room.encryption") !== undefined,
    space: textOf("m.room.create", "type") === "m.space",
    members,
    banned: new Set(banned.map((event) => event.state_key)),
    levels: new Map(Object.entries(levels.users)),
    usersDefault: levels.users_default,
    children: new Set(children.map((event) => event.state_key)),
  };
}
