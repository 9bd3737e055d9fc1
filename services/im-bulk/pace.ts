/**
 * How many messages a second the homeserver can take: a little more each second while it answers quickly, much less as soon as it does
 * not. So do TCP's senders find what a line can carry, and leave room for others on it. Pure: the time is given.
 *
 * @source https://www.rfc-editor.org/rfc/rfc5681#section-3.1
 */
export interface PaceArgs {
  /** Never more, in messages a second. */
  readonly most: number;
  /** The homeserver takes a message within this time, in seconds, when it is not busy. */
  readonly targetSeconds: number;
}

/** Never less, in messages a second: without messages nothing would be learnt. */
const LEAST = 1;
/** What a slow answer leaves of the pace, and what one leaves that says no. */
const WHEN_SLOW = 0.7;
const WHEN_FAILED = 0.5;
/** What the last answer counts for: one that is slow among quick ones is chance. */
const WEIGHT = 0.2;
/** Answers within this time tell of one and the same moment, in seconds. */
const MOMENT = 1;

export class Pace {
  private readonly args: PaceArgs;
  private value: number;
  private smoothed: number | undefined;
  private slowedAt = Number.NEGATIVE_INFINITY;

  constructor(args: PaceArgs) {
    this.args = args;
    this.value = Math.min(LEAST, args.most);
  }

  /** Messages a second, now. */
  get perSecond(): number {
    return this.value;
  }

  /** The homeserver took a message. @param seconds that it needed @param now in seconds, of any clock that only goes on */
  succeeded(seconds: number, now: number): void {
    this.smoothed = this.smoothed === undefined ? seconds : this.smoothed + WEIGHT * (seconds - this.smoothed);
    if (this.smoothed > this.args.targetSeconds) this.slow(WHEN_SLOW, now);
    // One more after a second of messages at this pace.
    else this.value = Math.min(this.args.most, this.value + 1 / Math.max(1, this.value));
  }

  /** It was too busy, or not there. */
  failed(now: number): void {
    this.slow(WHEN_FAILED, now);
  }

  private slow(factor: number, now: number): void {
    if (now - this.slowedAt < MOMENT) return;
    this.slowedAt = now;
    this.value = Math.max(Math.min(LEAST, this.args.most), this.value * factor);
  }
}
