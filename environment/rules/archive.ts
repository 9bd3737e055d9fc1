import { rule, when } from "./rule.ts";

export const archiveRules = [
  rule(["archive", "kafka"], ({ archive, kafka }) =>
    when(
      archive.kind === "on" && (kafka.kind !== "embedded" || kafka.changeCapture.kind !== "on"),
      "archive.kind",
      archive.kind,
      '"off" where nothing is captured: the archive is made of the events in Kafka',
      'set roost:kafka.kind to "embedded" and roost:kafka.changeCapture.kind to "on"',
    ),
  ),

  rule(["archive", "backup"], ({ archive, backup }) =>
    when(
      archive.kind === "on" && backup.store.kind === "none",
      "archive.kind",
      archive.kind,
      '"off" where there is no object store',
      'set roost:backup.store.kind to "embedded" or "external"',
    ),
  ),

  rule(["archive"], ({ archive }) =>
    when(
      archive.kind === "on" && archive.lock !== "off" && archive.retentionDays === "forever",
      "archive.lock",
      archive.kind === "on" ? archive.lock : undefined,
      '"off" where it is kept for good: a lock ends on a day',
      "set roost:archive.retentionDays to a number of days",
    ),
  ),

  rule(["archive", "im"], ({ archive, im }) =>
    when(
      archive.kind === "on" &&
        im.engine === "matrix" &&
        im.encryption !== undefined &&
        im.encryption !== (archive.mode === "compliance" ? "off" : "all"),
      "im.encryption",
      im.engine === "matrix" ? im.encryption : undefined,
      archive.kind === "on" && archive.mode === "compliance"
        ? '"off": an archive for compliance holds what people write'
        : '"all": a confidential archive holds nothing that anybody could read',
      "leave roost:im.encryption out: it follows roost:archive.mode",
    ),
  ),
];
