import type { Agent } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { Question } from "./requests.ts";
import { ask, askJson, keptConnections } from "./requests.ts";
import type { Stage } from "./stage.ts";

export interface TrafficArgs {
  /** Names of those who write. */
  readonly people: readonly string[];
  /** Rooms that each of them writes in, one event after the other in each. */
  readonly roomsEach: number;
  /** From one event in a room to the next there. */
  readonly intervalMs: number;
}

interface Session {
  readonly userId: string;
  readonly token: string;
}

/** One room, and what its writer knows of it. */
interface Room {
  readonly id: string;
  readonly writer: Session;
  /** Events that were acknowledged, in that order. */
  readonly said: string[];
}

const CLIENT = "/_matrix/client/v3";
const ATTEMPT_SECONDS = 5;
const PAUSE_BETWEEN_ATTEMPTS_MS = 200;
/** Of twenty events in a room one changes the one before, one takes the one before back, and one is a file. */
const CYCLE = { length: 20, edit: 10, redaction: 15, file: 19 };

/**
 * People who write in many rooms at a steady pace, as clients do: each event is tried under one transaction identifier until it is
 * acknowledged. They are requests and no more: what a client's library costs would weigh on what is measured.
 */
export class Traffic {
  readonly rooms: readonly Room[];
  /** When an event was acknowledged, in milliseconds since the epoch. */
  readonly acknowledgedAt: number[] = [];
  private readonly stage: Stage;
  private readonly agent: Agent;
  private readonly writing: Promise<unknown>;
  private over = false;

  private constructor(stage: Stage, agent: Agent, rooms: readonly Room[], intervalMs: number) {
    this.stage = stage;
    this.agent = agent;
    this.rooms = rooms;
    this.writing = Promise.all(rooms.map((room, index) => this.write(room, intervalMs, index)));
  }

  static async begin(stage: Stage, { people, roomsEach, intervalMs }: TrafficArgs): Promise<Traffic> {
    const agent = keptConnections(stage.caFile);
    const rooms: Room[] = [];
    for (const name of people) {
      const { user, password } = await stage.account(name);
      const identifier = { type: "m.id.user", user };
      const login = await json(
        stage,
        "POST",
        `${CLIENT}/login`,
        { agent },
        { type: "m.login.password", identifier, password },
      );
      const writer = { userId: String(login.user_id), token: String(login.access_token) };
      for (let number = 1; number <= roomsEach; number += 1) {
        const room = { name: `${name} ${number}`, preset: "private_chat" };
        const { room_id } = await json(stage, "POST", `${CLIENT}/createRoom`, { agent, ...bearer(writer) }, room);
        rooms.push({ id: String(room_id), writer, said: [] });
      }
    }
    return new Traffic(stage, agent, rooms, intervalMs);
  }

  /** Events that were acknowledged so far. */
  get count(): number {
    return this.acknowledgedAt.length;
  }

  /** The longest time since then in which nobody's event was acknowledged, in seconds. */
  silence(since: number): number {
    const times = [since, ...this.acknowledgedAt.filter((at) => at >= since), Date.now()];
    return Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? at))) / 1000;
  }

  /** What is said next in the first room. */
  async next(): Promise<{ readonly roomId: string; readonly eventId: string }> {
    const [room] = this.rooms;
    if (room === undefined) throw new Error("there is no room");
    const seen = room.said.length;
    for (;;) {
      const eventId = room.said[seen];
      if (eventId !== undefined) return { roomId: room.id, eventId };
      await sleep(PAUSE_BETWEEN_ATTEMPTS_MS);
    }
  }

  /** Ends it, when all that was begun is acknowledged. */
  async end(): Promise<void> {
    this.over = true;
    await this.writing;
    this.agent.destroy();
  }

  private async write(room: Room, intervalMs: number, index: number): Promise<void> {
    // Not all at the same moment.
    await sleep((intervalMs * index) / this.rooms.length);
    for (let number = 0; !this.over; number += 1) {
      const due = Date.now() + intervalMs;
      room.said.push(await this.say(room, number));
      this.acknowledgedAt.push(Date.now());
      await sleep(Math.max(0, due - Date.now()));
    }
  }

  private async say({ id, writer, said }: Room, number: number): Promise<string> {
    const turn = number % CYCLE.length;
    const before = said.at(-1);
    const room = `${CLIENT}/rooms/${encodeURIComponent(id)}`;
    const transaction = `traffic-${number}`;
    const body = `number ${number}`;
    if (turn === CYCLE.redaction) {
      const path = `${room}/redact/${encodeURIComponent(before ?? "")}/${transaction}`;
      return String((await this.acknowledged("PUT", path, writer, {})).event_id);
    }
    const content = { msgtype: "m.text", body };
    const send = async (all: object) =>
      String((await this.acknowledged("PUT", `${room}/send/m.room.message/${transaction}`, writer, all)).event_id);
    if (turn === CYCLE.edit) {
      const relation = { rel_type: "m.replace", event_id: before };
      return send({ ...content, "m.new_content": content, "m.relates_to": relation });
    }
    if (turn === CYCLE.file) {
      const { content_uri } = await this.acknowledged(
        "POST",
        "/_matrix/media/v3/upload",
        writer,
        `${id} ${body}\n`.repeat(20),
      );
      return send({ msgtype: "m.file", body: `${number}.txt`, url: content_uri, info: { mimetype: "text/plain" } });
    }
    return send(content);
  }

  /** Tries until it is acknowledged: whatever went wrong, that is what a client does while a server is away. */
  private async acknowledged(
    method: string,
    path: string,
    writer: Session,
    content: object | string,
  ): Promise<Readonly<Record<string, unknown>>> {
    for (;;) {
      try {
        const question = { agent: this.agent, timeoutSeconds: ATTEMPT_SECONDS, ...bearer(writer) };
        return await json(this.stage, method, path, question, content);
      } catch {
        await sleep(PAUSE_BETWEEN_ATTEMPTS_MS);
      }
    }
  }
}

function bearer({ token }: Session): Pick<Question, "headers"> {
  return { headers: { authorization: `Bearer ${token}` } };
}

/** What the homeserver answers. @throws Error when it is anything but yes */
async function json(
  stage: Stage,
  method: string,
  path: string,
  question: Omit<Question, "caFile">,
  content: object | string,
): Promise<Readonly<Record<string, unknown>>> {
  const url = `${stage.outputs.homeserver}${path}`;
  const asked = { caFile: stage.caFile, method, ...question };
  const { status, body } =
    typeof content === "string"
      ? await ask(url, { ...asked, headers: { "content-type": "text/plain", ...question.headers }, body: content })
      : await askJson(url, { ...asked, json: content });
  if (status !== 200) throw new Error(`${method} ${path}: ${status} ${body}`);
  return JSON.parse(body);
}
