import { type AlertGroup, alertsOf } from "./rule.ts";

const { ticket } = alertsOf("kafka");

const of = (metric: string) => `${metric}{job="im-bulk"}`;

/** Alerts about what programs write into rooms. None is a page: people chat, and what waits is in Kafka. */
export const bulkAlerts: AlertGroup = {
  name: "bulk",
  rules: [
    ticket(
      "BulkStopped",
      `min by (sender) (min_over_time(${of("im_bulk_waiting")}[10m])) > 0
       and on (sender) sum by (sender) (increase(${of("im_bulk_sent_total")}[10m])) == 0
       and on (sender) sum by (sender) (increase(${of("im_bulk_refused_total")}[10m])) == 0`,
      {
        for: "5m",
        summary: "{{ $value }} messages of {{ $labels.sender }} wait, and none is brought into a room",
        description:
          "Kafka keeps them as long as the topic's retention says. The log of im-bulk says what the homeserver has answered.",
      },
    ),
    ticket("BulkMessagesRefused", `sum by (sender) (increase(${of("im_bulk_refused_total")}[1h])) > 0`, {
      summary: "Messages of {{ $labels.sender }} were put aside",
      description:
        "They are no messages, or the homeserver takes them never; nobody has seen them. They are in the topic im.bulk.dead-letter, with the reason.",
    }),
  ],
};
