import { type AlertGroup, alertsOf } from "./rule.ts";

const { ticket } = alertsOf("kafka");

const GAPS = 'archive_gaps{job="archive"}';

/** Alerts about the archive. None is a page: people chat, and Kafka keeps what was not archived yet. */
export const archiveAlerts: AlertGroup = {
  name: "archive",
  rules: [
    ticket("ArchiveStopped", '(count(up{job="archive"} == 1) or vector(0)) == 0', {
      for: "10m",
      summary: "Nobody archives what people write",
      description:
        "Kafka keeps it as long as the topic im.events does. The pod's events, and the log of archive-0, say why.",
    }),
    ticket("ArchiveBehind", 'max(archive_behind_seconds{job="archive"}) > 300', {
      for: "5m",
      summary: "What people wrote {{ $value | humanizeDuration }} ago is not archived",
      description:
        "The object store, the homeserver (for files), or Kafka does not answer: the log of archive-0 says which. Kafka keeps what waits.",
    }),
    ticket(
      "ArchiveGap",
      `max by (partition) (${GAPS})
       > (max by (partition) (${GAPS} offset 1d) or max by (partition) (${GAPS}) * 0)`,
      {
        summary: "Events of partition {{ $labels.partition }} were gone before they were archived",
        description:
          "Kafka has removed them, or the topic was made anew. The archive's manifest says which. What the database still has can be read again.",
      },
    ),
  ],
};
