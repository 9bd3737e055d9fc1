import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** What the program tells about itself, for Prometheus. @param senders that there are: nothing is a number too */
export function createMetrics(senders: readonly string[]) {
  const registry = new Registry();
  const registers = [registry];
  const labelNames = ["sender"] as const;
  const metrics = {
    registry,
    sent: new Counter({ name: "im_bulk_sent_total", help: "Messages that the homeserver took", labelNames, registers }),
    refused: new Counter({
      name: "im_bulk_refused_total",
      help: "Messages that were put aside: they are none, or the homeserver takes them never",
      labelNames,
      registers,
    }),
    unavailable: new Counter({
      name: "im_bulk_unavailable_total",
      help: "Times that the homeserver took a message not now",
      labelNames,
      registers,
    }),
    waiting: new Gauge({ name: "im_bulk_waiting", help: "Messages that wait in Kafka", labelNames, registers }),
    pace: new Gauge({
      name: "im_bulk_pace",
      help: "Messages a second that the homeserver is given at most, now",
      registers,
    }),
    latency: new Histogram({
      name: "im_bulk_send_seconds",
      help: "What the homeserver needed for a message",
      buckets: [0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 5, 20],
      registers,
    }),
  };
  for (const sender of senders) {
    for (const counter of [metrics.sent, metrics.refused, metrics.unavailable]) counter.inc({ sender }, 0);
    metrics.waiting.set({ sender }, 0);
  }
  return metrics;
}

export type Metrics = ReturnType<typeof createMetrics>;
