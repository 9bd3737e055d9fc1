/** Lets one message after the other through to the homeserver: at its pace, and each sender's in its turn. */
import type { Pace } from "./pace.ts";
import type { Schedule } from "./schedule.ts";

export class Gate {
  private readonly schedule: Schedule;
  private readonly pace: Pace;
  private readonly clock: () => number;
  private readonly waiting = new Map<string, () => void>();
  private nextAt = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;

  /** @param clock seconds, of a clock that only goes on */
  constructor(schedule: Schedule, pace: Pace, clock = () => performance.now() / 1000) {
    this.schedule = schedule;
    this.pace = pace;
    this.clock = clock;
  }

  /** Resolves when the sender may send one message, or at the signal. A sender asks for one at a time: so its order is kept. */
  turn(sender: string, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = () => {
      this.waiting.delete(sender);
      signal.removeEventListener("abort", end);
      resolve();
    };
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
    else this.waiting.set(sender, end);
    this.open();
    return promise;
  }

  /** Lets through whose turn it is, and comes back when it is the next one's. */
  private open(): void {
    clearTimeout(this.timer);
    if (this.waiting.size === 0) return;
    const now = this.clock();
    const next =
      now < this.nextAt ? { waitSeconds: this.nextAt - now } : this.schedule.next([...this.waiting.keys()], now);
    if ("waitSeconds" in next) {
      this.timer = setTimeout(() => this.open(), Math.ceil(next.waitSeconds * 1000));
      return;
    }
    this.nextAt = now + 1 / this.pace.perSecond;
    this.waiting.get(next.sender)?.();
    this.open();
  }
}
