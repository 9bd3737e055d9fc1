/** Brings records of a sender to the homeserver, each as often as it takes. */
import type { Log } from "../runtime/log.ts";
import { messageOf } from "../runtime/log.ts";
import { pause } from "../runtime/pause.ts";
import type { Gate } from "./gate.ts";
import { type BulkMessage, contentOf, parseMessage } from "./message.ts";
import type { Metrics } from "./metrics.ts";
import type { Homeserver, Outcome, Outgoing } from "./outcome.ts";
import type { Pace } from "./pace.ts";
import type { SenderSpecification } from "./specification.ts";

/** A record as it is in Kafka. */
export interface Written {
  readonly offset: bigint;
  /** When it was written, in milliseconds. */
  readonly timestamp: bigint;
  readonly value: string;
}

/** What became of a record: it has a place in a room, or was put aside with the reason, or the program is to stop before. */
export type Fate = "sent" | "stopped" | { readonly refused: string };

export interface ForwardArgs {
  readonly homeserver: Homeserver;
  readonly gate: Pick<Gate, "turn">;
  readonly pace: Pick<Pace, "succeeded" | "failed" | "perSecond">;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Seconds until it is tried again: twice as long each time. */
const FIRST_PAUSE = 0.5;
const LONGEST_PAUSE = 30;

export class Forward {
  private readonly args: ForwardArgs;

  constructor(args: ForwardArgs) {
    this.args = args;
  }

  /** Ends when the homeserver has taken the record, or has refused it for good. */
  async forward(name: string, sender: SenderSpecification, record: Written, stop: AbortSignal): Promise<Fate> {
    const { homeserver, gate, metrics, log } = this.args;
    let outgoing: Outgoing;
    try {
      outgoing = outgoingOf(sender, record);
    } catch (error) {
      return this.refused(name, messageOf(error));
    }
    for (let seconds = FIRST_PAUSE; ; seconds = Math.min(2 * seconds, LONGEST_PAUSE)) {
      await gate.turn(name, stop);
      if (stop.aborted) return "stopped";
      const outcome = await homeserver.send(outgoing);
      this.learn(outcome);
      if (outcome.kind === "refused") return this.refused(name, outcome.reason);
      if (outcome.kind === "sent") {
        metrics.sent.inc({ sender: name });
        return "sent";
      }
      metrics.unavailable.inc({ sender: name });
      const { reason, waitSeconds = seconds } = outcome;
      log.warn("the homeserver takes a message not now", { sender: name, reason, waitSeconds });
      await pause(waitSeconds * 1000, stop);
    }
  }

  private learn(outcome: Outcome): void {
    const { pace, metrics } = this.args;
    const now = performance.now() / 1000;
    if (outcome.kind === "unavailable") pace.failed(now);
    if (outcome.kind === "sent") {
      pace.succeeded(outcome.seconds, now);
      metrics.latency.observe(outcome.seconds);
    }
    metrics.pace.set(pace.perSecond);
  }

  private refused(sender: string, reason: string): Fate {
    this.args.metrics.refused.inc({ sender });
    this.args.log.warn("a message was put aside", { sender, reason });
    return { refused: reason };
  }
}

/** @throws Error that says why the record is no message */
function outgoingOf(sender: SenderSpecification, record: Written): Outgoing {
  const message = parseMessage(record.value);
  const { room, time } = message;
  return { account: sender, room, time, content: contentOf(message), transaction: transactionOf(message, record) };
}

/** The sender's own id; or the record's place, with its time, since places begin anew with a topic that was made again. */
function transactionOf({ id }: BulkMessage, { offset, timestamp }: Written): string {
  return id === undefined ? `at-${offset}-${timestamp}` : `id-${id}`;
}
