import { Counter, Gauge, Registry } from "prom-client";

/** What the program tells about itself, for Prometheus. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  /** Since when something waits to be archived, by partition; and since when nothing can be, in milliseconds since 1970. */
  const waiting = { events: new Map<number, number>(), since: undefined as number | undefined };
  new Gauge({
    name: "archive_behind_seconds",
    help: "Age of the oldest event that is read and not archived, or time since nothing can be read or written",
    registers,
    collect() {
      const since = Math.min(...waiting.events.values(), waiting.since ?? Number.POSITIVE_INFINITY);
      this.set(Number.isFinite(since) ? Math.max(0, (Date.now() - since) / 1000) : 0);
    },
  });
  return {
    registry,
    waiting,
    events: new Counter({ name: "archive_events_total", help: "Events that were archived", registers }),
    others: new Counter({
      name: "archive_not_events_total",
      help: "Records that are no event, and were archived as they are",
      registers,
    }),
    batches: new Counter({ name: "archive_batches_total", help: "Batches that were written", registers }),
    bytes: new Counter({
      name: "archive_bytes_total",
      help: "Bytes of batches and files that were written",
      registers,
    }),
    media: new Counter({
      name: "archive_media_total",
      help: "Files of events, by result: archived, missing",
      labelNames: ["result"] as const,
      registers,
    }),
    gaps: new Gauge({
      name: "archive_gaps",
      help: "Times that records were gone before they were archived, as the chain of the partition has it",
      labelNames: ["partition"] as const,
      registers,
    }),
    removed: new Counter({ name: "archive_removed_total", help: "Objects that were removed by age", registers }),
    held: new Gauge({ name: "archive_held", help: "Batches that are old enough, and held", registers }),
    errors: new Counter({
      name: "archive_errors_total",
      help: "Times that it had to begin anew: something did not answer, or another program wrote",
      registers,
    }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
