import type { Log } from "../runtime/log.ts";
import { pause } from "../runtime/pause.ts";
import type { Outcome } from "./outcome.ts";

export interface RoundsArgs {
  /** What is tried, for the log. */
  readonly check: string;
  readonly everySeconds: number;
  readonly attempt: () => Promise<Outcome>;
  readonly count: (outcome: Outcome) => void;
  readonly log: Log;
  /** Told at each round: the process is alive. */
  readonly alive: () => void;
}

/**
 * Begins an attempt at each turn, whether or not the one before has ended: what takes long must not be tried less often, or an
 * hour of outage would count for less than an hour.
 */
export async function goRound({ check, everySeconds, attempt, count, log, alive }: RoundsArgs, signal: AbortSignal) {
  const under = new Set<Promise<void>>();
  let last: Outcome["kind"] = "done";
  for (let next = performance.now(); !signal.aborted; next += everySeconds * 1000) {
    await pause(Math.max(0, next - performance.now()), signal);
    if (signal.aborted) break;
    alive();
    const one = attempt().then((outcome) => {
      if (signal.aborted) return;
      count(outcome);
      if (outcome.kind !== "done") log.warn(outcome.kind, { check, reason: outcome.reason });
      else if (last !== "done") log.info("works again", { check });
      last = outcome.kind;
    });
    under.add(one);
    void one.finally(() => under.delete(one));
    // A machine that slept has nothing to make up for.
    next = Math.max(next, performance.now() - everySeconds * 1000);
  }
  await Promise.all(under);
}
