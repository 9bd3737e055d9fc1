import { z } from "zod";
import type { Log } from "../runtime/log.ts";
import { messageOf } from "../runtime/log.ts";
import { pause } from "../runtime/pause.ts";
import { RefusedError } from "./outcome.ts";
import type { Session } from "./session.ts";

/** Shorter than clients poll: a connection that died silently is noticed within two of these. */
const POLL_MS = 10_000;
/** Until it is tried again: when it failed, and when the homeserver refused, which it will for a while. */
const PAUSE_MS = 1_000;
const REFUSED_PAUSE_MS = 10_000;
/** Nothing but messages: no presence, no receipts, no rooms that were left. */
const FILTER = {
  presence: { not_types: ["*"] },
  account_data: { not_types: ["*"] },
  room: {
    account_data: { not_types: ["*"] },
    ephemeral: { not_types: ["*"] },
    state: { types: [] as string[] },
    timeline: { types: ["m.room.message"], limit: 50 },
  },
};

const synced = z.object({
  next_batch: z.string(),
  rooms: z
    .object({
      join: z
        .record(
          z.string(),
          z.object({
            timeline: z.object({
              events: z.array(z.object({ content: z.looseObject({ body: z.string().optional() }) })),
            }),
          }),
        )
        .default({}),
    })
    .default({ join: {} }),
});

/** Sees what comes to an account, as a client does: by long polls, one after the other. */
export class Listener {
  private readonly session: Session;
  private readonly log: Log;
  private readonly awaited = new Map<string, () => void>();
  private since: string | undefined;

  constructor(session: Session, log: Log) {
    this.session = session;
    this.log = log;
  }

  /** @returns when the account sees a message with this body, if it does before the signal */
  async see(body: string, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.awaited.set(body, resolve);
    signal.addEventListener("abort", () => this.awaited.delete(body), { once: true });
    return promise;
  }

  /** Goes on until the signal, whatever fails. */
  async run(signal: AbortSignal): Promise<void> {
    let fails = false;
    while (!signal.aborted) {
      try {
        await this.poll();
        fails = false;
      } catch (error) {
        // Told once: what it means for messages is counted there.
        if (!fails) this.log.warn("cannot see messages", { account: this.session.user, error: messageOf(error) });
        fails = true;
        await pause(error instanceof RefusedError ? REFUSED_PAUSE_MS : PAUSE_MS, signal);
      }
    }
  }

  private async poll(): Promise<void> {
    const parameters = new URLSearchParams({
      filter: JSON.stringify(FILTER),
      set_presence: "offline",
      timeout: `${this.since === undefined ? 0 : POLL_MS}`,
      ...(this.since !== undefined && { since: this.since }),
    });
    const path = `/_matrix/client/v3/sync?${parameters}`;
    const { next_batch, rooms } = await this.session.call(
      { what: "sync", method: "GET", path, timeoutMs: 2 * POLL_MS },
      synced,
    );
    this.since = next_batch;
    for (const { timeline } of Object.values(rooms.join)) {
      for (const { content } of timeline.events) this.arrived(content.body ?? "");
    }
  }

  private arrived(body: string): void {
    this.awaited.get(body)?.();
    this.awaited.delete(body);
  }
}
