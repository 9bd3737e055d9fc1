import { randomUUID } from "node:crypto";
import type { Agent } from "node:https";
import { z } from "zod";
import type { Log } from "../runtime/log.ts";
import type { Configuration } from "./configuration.ts";
import { Listener } from "./listener.ts";
import { type Outcome, outcomeOf, RefusedError } from "./outcome.ts";
import { Room } from "./room.ts";
import { Session } from "./session.ts";

/** Two accounts that talk to each other. */
export class Talk {
  private readonly sessions: readonly [Session, Session];
  private readonly listeners: readonly [Listener, Listener];
  private readonly room: Room;
  private readonly timeoutSeconds: number;
  private turn = 0;

  constructor({ homeserver, accounts, timeoutSeconds }: Configuration, agent: Agent, log: Log) {
    const [a, b] = accounts;
    const session = (account: typeof a) => new Session(homeserver, account, agent, "PROBE");
    this.sessions = [session(a), session(b)];
    this.listeners = [new Listener(this.sessions[0], log), new Listener(this.sessions[1], log)];
    this.room = new Room(this.sessions, timeoutSeconds * 1000);
    this.timeoutSeconds = timeoutSeconds;
  }

  /** Both see what comes, until the signal. */
  async listen(signal: AbortSignal): Promise<void> {
    await Promise.all(this.listeners.map((listener) => listener.run(signal)));
  }

  /** One sends, and the other sees it; next time the other way round. The time counts from when it is sent. */
  async attempt(): Promise<Outcome> {
    const there = this.turn++ % 2 === 0;
    const [sender, receiver] = there
      ? ([this.sessions[0], this.listeners[1]] as const)
      : ([this.sessions[1], this.listeners[0]] as const);
    const outcome = await outcomeOf(this.timeoutSeconds, async (signal) => {
      const room = await this.room.id();
      const body = randomUUID();
      const seen = receiver.see(body, signal);
      const started = performance.now();
      await this.send(sender, room, body);
      await seen;
      return (performance.now() - started) / 1000;
    });
    if (outcome.kind === "blocked") this.room.leave();
    return outcome;
  }

  private async send(sender: Session, room: string, body: string): Promise<void> {
    // A notice: nobody's telephone rings. Once and never again: what would have to be repeated has failed.
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/${body}`;
    const content = { msgtype: "m.notice", body };
    const timeoutMs = this.timeoutSeconds * 1000;
    try {
      await sender.call({ what: "send", method: "PUT", path, body: content, timeoutMs }, z.unknown());
    } catch (error) {
      // The room is gone, or one of the two is no longer in it.
      if (error instanceof RefusedError && (error.status === 403 || error.status === 404)) this.room.leave();
      throw error;
    }
  }
}
