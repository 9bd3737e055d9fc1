/** Reads a topic of Kafka from given places. There is no group of consumers: the archive knows where it is. */
import { type ClusterTopicMetadata, Consumer, ListOffsetTimestamps } from "@platformatic/kafka";
import { readTls } from "../runtime/tls.ts";
import type { LogRecord } from "./batch.ts";
import type { PartitionLog } from "./position.ts";
import type { ArchiveSpecification } from "./specification.ts";

/** How long Kafka waits for a record before it says that there is none, in milliseconds. */
const WAIT_MS = 500;
const FETCH_BYTES = 4 * 2 ** 20;
const PARTITION_BYTES = 2 ** 20;

export type LogSpecification = Pick<ArchiveSpecification, "bootstrapServers" | "client" | "accountFolder" | "topic">;

type FetchResponse = Awaited<ReturnType<Consumer["fetch"]>>;

export class TopicLog {
  private readonly topic: string;
  private readonly consumer: Consumer;

  constructor({ bootstrapServers, client, accountFolder, topic }: LogSpecification) {
    this.topic = topic;
    this.consumer = new Consumer({
      ...{ clientId: client, groupId: client, bootstrapBrokers: [...bootstrapServers] },
      tls: readTls(accountFolder),
      ...{ retries: 3, retryDelay: 300, metadataMaxAge: 30_000, maxWaitTime: WAIT_MS },
    });
    this.consumer.topics.track(topic);
  }

  /** What there is of each partition, by its number. */
  async partitions(): Promise<readonly PartitionLog[]> {
    const { id: topicId } = await this.metadata();
    const offsets = async (timestamp: bigint) =>
      (await this.consumer.listOffsets({ topics: [this.topic], timestamp })).get(this.topic) ?? [];
    const [earliest, latest] = [
      await offsets(ListOffsetTimestamps.EARLIEST),
      await offsets(ListOffsetTimestamps.LATEST),
    ];
    return earliest.map((first, partition) => ({
      topicId,
      earliest: Number(first),
      latest: Number(latest[partition] ?? first),
    }));
  }

  /** How many partitions there are now: they may become more. */
  async count(): Promise<number> {
    return (await this.metadata()).partitions.length;
  }

  /**
   * Records from these offsets on, by partition; waits a moment where there are none.
   *
   * @param offsets by partition
   */
  async fetch(offsets: readonly number[]): Promise<ReadonlyMap<number, readonly LogRecord[]>> {
    const { id: topicId, partitions } = await this.metadata();
    const byLeader = Map.groupBy(offsets.entries(), ([partition]) => partitions[partition]?.leader ?? -1);
    const answers = await Promise.all(
      [...byLeader].map(([node, wanted]) =>
        this.consumer.fetch({
          node,
          maxBytes: FETCH_BYTES,
          topics: [
            {
              topicId,
              partitions: wanted.map(([partition, offset]) => ({
                ...{ partition, fetchOffset: BigInt(offset), partitionMaxBytes: PARTITION_BYTES },
                ...{ currentLeaderEpoch: -1, lastFetchedEpoch: -1 },
              })),
            },
          ],
        }),
      ),
    );
    return recordsIn(answers, offsets);
  }

  async close(): Promise<void> {
    await this.consumer.close(true);
  }

  private async metadata(): Promise<ClusterTopicMetadata> {
    const { topics } = await this.consumer.metadata({ topics: [this.topic] });
    const topic = topics.get(this.topic);
    if (topic === undefined) throw new Error(`Kafka has no topic ${this.topic}`);
    return topic;
  }
}

/** Kafka gives whole batches of records, of which those before the offset are known. */
function recordsIn(
  answers: readonly FetchResponse[],
  offsets: readonly number[],
): ReadonlyMap<number, readonly LogRecord[]> {
  const partitions = answers.flatMap(({ responses }) => responses.flatMap((topic) => topic.partitions));
  return new Map(
    partitions.map(({ partitionIndex, records }) => [
      partitionIndex,
      (records ?? [])
        .flatMap((batch) =>
          batch.records.map(({ offsetDelta, timestampDelta, value }) => ({
            offset: Number(batch.firstOffset) + offsetDelta,
            timestampMs: Number(batch.firstTimestamp + timestampDelta),
            value: value === null ? null : value.toString(),
          })),
        )
        .filter(({ offset }) => offset >= (offsets[partitionIndex] ?? 0)),
    ]),
  );
}
