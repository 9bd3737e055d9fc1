/** Reads events and archives them, until something does not answer: then it is begun anew, from what the store has. */
import { PartitionArchive, type PartitionArgs } from "./partition-archive.ts";
import { type RetentionArgs, retain } from "./retention.ts";
import type { BatchLimits } from "./specification.ts";
import type { TopicLog } from "./topic-log.ts";

export type ArchiverArgs = PartitionArgs & Omit<RetentionArgs, "chains"> & Reading;

interface Reading {
  readonly events: Pick<TopicLog, "partitions" | "count" | "fetch">;
  readonly limits: BatchLimits;
  /** Called in each round. */
  readonly alive: () => void;
}

/**
 * @returns when it is told to stop, having written what it had, or when there are other partitions than before
 * @throws Error where Kafka, the store or the homeserver cannot be used now, or another program writes the same chain
 */
export async function archive(args: ArchiverArgs, stop: AbortSignal): Promise<void> {
  const { events, limits, metrics, alive } = args;
  const found = await events.partitions();
  const partitions: PartitionArchive[] = [];
  for (const [partition, each] of found.entries()) partitions.push(await PartitionArchive.open(args, partition, each));
  metrics.waiting.since = undefined;
  const chains = partitions.map(({ chain }) => chain);
  const retention = retain({ ...args, chains });
  while (!stop.aborted) {
    alive();
    const records = await events.fetch(partitions.map(({ nextOffset }) => nextOffset));
    for (const [partition, each] of records) await partitions[partition]?.take(each, limits.events);
    await writeWhatIsDue(partitions, limits);
    await retention.next();
    if ((await events.count()) !== partitions.length) break;
  }
  for (const partition of partitions) await partition.close();
}

async function writeWhatIsDue(partitions: readonly PartitionArchive[], limits: BatchLimits): Promise<void> {
  const tooMuch = partitions.reduce((sum, { bytes }) => sum + bytes, 0) >= limits.bytes;
  const now = performance.now();
  for (const partition of partitions) {
    const waited = partition.waitedMs(now);
    if (waited !== undefined && (tooMuch || waited >= limits.ageSeconds * 1000)) await partition.close();
  }
}
