/**
 * Whose message is next: of those who wait, the one that had least of its share, so that who writes a thousand messages does not keep
 * waiting who writes one. Start-time fair queueing; pure: the time is given.
 *
 * @source https://doi.org/10.1145/248157.248171
 */
export interface SenderShare {
  /** What it gets beside others who wait, too: twice as much with 2 as with 1. */
  readonly share: number;
  /** Never more for it alone, in messages a second. @default no limit of its own */
  readonly messagesPerSecond?: number | undefined;
}

/** The sender whose turn it is; or the seconds until it is somebody's. */
export type Next = { readonly sender: string } | { readonly waitSeconds: number };

interface Account {
  readonly share: number;
  readonly intervalSeconds: number;
  /** What it had of its share, as a time that only messages move. */
  finished: number;
  /** Before that its own limit does not let it. */
  notBefore: number;
}

export class Schedule {
  private readonly accounts: ReadonlyMap<string, Account>;
  private virtualTime = 0;

  constructor(senders: Readonly<Record<string, SenderShare>>) {
    this.accounts = new Map(
      Object.entries(senders).map(([name, { share, messagesPerSecond }]) => [
        name,
        {
          share,
          intervalSeconds: messagesPerSecond === undefined ? 0 : 1 / messagesPerSecond,
          finished: 0,
          notBefore: Number.NEGATIVE_INFINITY,
        },
      ]),
    );
  }

  /** Takes a turn of whoever has it. @param waiting at least one @throws Error when one of them is no sender */
  next(waiting: readonly string[], now: number): Next {
    const all = waiting.map((name) => ({ name, account: this.account(name) }));
    const ready = all.filter(({ account }) => account.notBefore <= now);
    if (ready.length === 0) return { waitSeconds: Math.min(...all.map(({ account }) => account.notBefore)) - now };
    const [first, ...others] = ready.map((each) => ({ ...each, start: this.startOf(each.account) }));
    if (first === undefined) throw new Error("nobody waits");
    const { name, account, start } = others.reduce((best, each) => (each.start < best.start ? each : best), first);
    this.virtualTime = start;
    account.finished = start + 1 / account.share;
    account.notBefore = now + account.intervalSeconds;
    return { sender: name };
  }

  /** Who had nothing to say for a while has saved nothing up. */
  private startOf({ finished }: Account): number {
    return Math.max(this.virtualTime, finished);
  }

  private account(name: string): Account {
    const account = this.accounts.get(name);
    if (account === undefined) throw new Error(`there is no sender ${name}`);
    return account;
  }
}
