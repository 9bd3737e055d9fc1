/** Pure: where a partition is read on, by what the archive has and what Kafka has. */
import type { Gap, Manifest } from "./manifest.ts";

export interface PartitionLog {
  readonly topicId: string;
  /** First offset that Kafka still has, and the one that is written next. */
  readonly earliest: number;
  readonly latest: number;
}

export interface Position {
  readonly offset: number;
  /** @default what is read follows on what was archived */
  readonly gap?: Gap;
}

/** @param last newest manifest of the partition, nothing where there is none */
export function positionOf(last: Manifest | undefined, { topicId, earliest, latest }: PartitionLog): Position {
  const expectedOffset = last?.nextOffset ?? 0;
  const at = (reason: Gap["reason"]) => ({
    offset: earliest,
    gap: { reason, expectedOffset, foundOffset: earliest },
  });
  // What has ended before where the archive is has lost records, and may have written others in their place.
  if (last !== undefined && (last.topicId !== topicId || latest < expectedOffset)) return at("anew");
  return earliest > expectedOffset ? at("removed") : { offset: expectedOffset };
}
