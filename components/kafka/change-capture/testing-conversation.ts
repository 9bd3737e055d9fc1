import { z } from "zod";
import type { TestSynapse } from "../../im/matrix/testing-synapse.ts";

const password = "correct horse battery staple";
const session = z.object({ access_token: z.string() });

/** Somebody who writes in rooms of a Synapse, as fast as it can. */
export class TestConversation {
  private readonly synapse: TestSynapse;
  private token = "";
  private sent = 0;

  constructor(synapse: TestSynapse) {
    this.synapse = synapse;
  }

  async begin(): Promise<void> {
    await this.synapse.makeAccount("ada", password, true);
    const identifier = { type: "m.id.user", user: "ada" };
    const body = { type: "m.login.password", identifier, password };
    this.token = session.parse(await this.ask("POST", "/_matrix/client/v3/login", body)).access_token;
    const user = encodeURIComponent("@ada:example.org");
    await this.ask("POST", `/_synapse/admin/v1/users/${user}/override_ratelimit`, { messages_per_second: 0 });
  }

  async createRoom(): Promise<string> {
    const answer = await this.ask("POST", "/_matrix/client/v3/createRoom", { preset: "private_chat" });
    return z.object({ room_id: z.string() }).parse(answer).room_id;
  }

  /** Ids of the messages, in the order in which they were sent. */
  async write(room: string, count: number): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let each = 0; each < count; each += 1) {
      const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/${this.sent++}`;
      ids.push(eventId(await this.ask("PUT", path, { msgtype: "m.text", body: `message ${each}` })));
    }
    return ids;
  }

  async redact(room: string, event: string): Promise<string> {
    const [place, id] = [encodeURIComponent(room), encodeURIComponent(event)];
    return eventId(await this.ask("PUT", `/_matrix/client/v3/rooms/${place}/redact/${id}/${this.sent++}`, {}));
  }

  /** Asks again what the server could not do, as a client does: a transaction's number makes it one message. */
  private async ask(method: string, path: string, body: object): Promise<unknown> {
    for (let tries = 1; ; tries += 1) {
      const { status, text } = await this.synapse.ask(path, { method, token: this.token || undefined, body });
      if (status === 200) return JSON.parse(text);
      if (status < 500 || tries === 60) throw new Error(`${method} ${path}: ${status} ${text}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

function eventId(answer: unknown): string {
  return z.object({ event_id: z.string() }).parse(answer).event_id;
}
