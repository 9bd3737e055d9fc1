/** From what was captured to what is written: one record of each, in the same order. */
import type { MessageToProduce } from "@platformatic/kafka";
import { messageOf } from "../runtime/log.ts";
import { eventOf } from "./matrix.ts";
import type { Metrics } from "./metrics.ts";
import type { EventsSpecification } from "./specification.ts";

/** A record as it was captured. */
export interface Captured {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string;
  readonly value: string;
}

export type Written = MessageToProduce<string, string, string, string>;

/** The record to be written: an event, keyed by its room; or what is none, as it was, with where it was and why. */
export function translate(
  captured: Captured,
  { events, deadLetters }: Pick<EventsSpecification, "events" | "deadLetters">,
  metrics: Metrics,
): Written {
  try {
    const event = eventOf(captured.value);
    metrics.events.inc({ kind: event.kind });
    metrics.lag.set((Date.now() - Date.parse(event.time)) / 1000);
    return { topic: events, key: event.room, value: JSON.stringify(event) };
  } catch (error) {
    metrics.deadLetters.inc();
    const { topic, partition, offset, key, value } = captured;
    const headers = {
      topic,
      partition: String(partition),
      offset: String(offset),
      reason: messageOf(error).slice(0, 500),
    };
    return { topic: deadLetters, key, value, headers };
  }
}
