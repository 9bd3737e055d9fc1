/** Archives one partition: what comes is put together, and written as a batch with its manifest. */
import type { Log } from "../runtime/log.ts";
import { Batch, type LogRecord } from "./batch.ts";
import { Chain } from "./chain.ts";
import { pack } from "./event.ts";
import type { MediaSource } from "./homeserver.ts";
import { type ArchivedMedia, eventsKey, type Gap, sha256Of } from "./manifest.ts";
import { archiveMedia } from "./media.ts";
import type { Metrics } from "./metrics.ts";
import { type PartitionLog, type Position, positionOf } from "./position.ts";
import type { LockSpecification } from "./specification.ts";
import type { Store } from "./store.ts";

/** Program and version, as manifests name it. */
export const WRITER = "archive 1";

export interface PartitionArgs {
  readonly store: Pick<Store, "get" | "hashOf" | "list" | "put">;
  readonly homeserver: MediaSource;
  readonly topic: string;
  readonly lock?: LockSpecification | undefined;
  readonly metrics: Metrics;
  readonly log: Log;
}

export class PartitionArchive {
  readonly chain: Chain;
  private readonly args: PartitionArgs;
  private readonly topicId: string;
  private gap: Gap | undefined;
  private batch: Batch;

  private constructor(args: PartitionArgs, chain: Chain, topicId: string, { offset, gap }: Position) {
    this.args = args;
    this.chain = chain;
    this.topicId = topicId;
    this.gap = gap;
    this.batch = new Batch(offset, performance.now());
  }

  /** Begins where the chain ends. */
  static async open(args: PartitionArgs, partition: number, found: PartitionLog): Promise<PartitionArchive> {
    const chain = await Chain.open(args.store, partition, args.lock);
    const last = chain.head?.manifest;
    const position = positionOf(last, found);
    args.metrics.gaps.set({ partition }, last?.gaps ?? 0);
    // It may have been archived by another program; else it is read again now.
    args.metrics.waiting.events.delete(partition);
    args.log.info("begins", { partition, sequence: last?.sequence ?? 0, offset: position.offset, ...position.gap });
    return new PartitionArchive(args, chain, found.topicId, position);
  }

  /** Offset of the next record that is wanted. */
  get nextOffset(): number {
    return this.batch.nextOffset;
  }

  /** What waits to be written. */
  get bytes(): number {
    return this.batch.bytes;
  }

  /** How long the oldest of what waits has waited, in milliseconds; nothing where nothing waits. */
  waitedMs(now: number): number | undefined {
    return this.batch.lines.length === 0 ? undefined : now - this.batch.begunMs;
  }

  /** @param events most of a batch: a full one is written */
  async take(records: readonly LogRecord[], events: number): Promise<void> {
    for (const record of records) {
      if (record.offset > this.batch.nextOffset) await this.skipTo(record.offset);
      if (this.batch.lines.length === 0) this.batch = new Batch(record.offset, performance.now());
      this.batch.add(record);
      this.args.metrics.waiting.events.set(this.chain.partition, this.batch.oldestMs);
      if (this.batch.lines.length >= events) await this.close();
    }
  }

  /** Writes what waits: files, events, and then the manifest, by which it counts as archived. */
  async close(): Promise<void> {
    const { chain, batch, args, gap } = this;
    const { partition } = chain;
    if (batch.lines.length === 0) return;
    const { firstOffset, nextOffset, firstTime, lastTime } = batch;
    const lastOffset = nextOffset - 1;
    const writtenAt = new Date();
    const media: ArchivedMedia[] = [];
    for (const url of batch.media) media.push(await archiveMedia(url, writtenAt, args));
    const content = pack(batch.lines);
    const sha256 = sha256Of(content);
    const key = eventsKey({ writtenAt, partition, firstOffset, lastOffset, sha256 });
    await args.store.put(key, content, { lock: args.lock });
    const gaps = (chain.head?.manifest.gaps ?? 0) + (gap === undefined ? 0 : 1);
    await chain.append({
      ...{ kind: "batch", topic: args.topic, topicId: this.topicId, writtenAt: writtenAt.toISOString() },
      ...{ writtenBy: WRITER, nextOffset, gaps, firstOffset, lastOffset, media },
      object: { key, sha256, bytes: content.byteLength, count: batch.lines.length },
      ...(firstTime !== undefined && { firstTime }),
      ...(lastTime !== undefined && { lastTime }),
      ...(gap && { gap }),
    });
    this.tell(batch, content.byteLength, media, gaps);
    this.gap = undefined;
    this.batch = new Batch(nextOffset, performance.now());
  }

  /** Records were removed while they were waited for. */
  private async skipTo(foundOffset: number): Promise<void> {
    await this.close();
    const expectedOffset = this.gap?.expectedOffset ?? this.batch.nextOffset;
    this.gap = { reason: this.gap?.reason ?? "removed", expectedOffset, foundOffset };
    this.batch = new Batch(foundOffset, performance.now());
  }

  private tell(batch: Batch, bytes: number, media: readonly ArchivedMedia[], gaps: number): void {
    const { metrics, log } = this.args;
    const { partition } = this.chain;
    const archived = media.flatMap((each) => ("missing" in each ? [] : [each.bytes]));
    metrics.waiting.events.delete(partition);
    metrics.events.inc(batch.lines.length - batch.others);
    metrics.others.inc(batch.others);
    metrics.batches.inc();
    metrics.bytes.inc(archived.reduce((sum, each) => sum + each, bytes));
    metrics.media.inc({ result: "archived" }, archived.length);
    metrics.media.inc({ result: "missing" }, media.length - archived.length);
    metrics.gaps.set({ partition }, gaps);
    const { sequence = 0 } = this.chain.head?.manifest ?? {};
    const details = { partition, sequence, sha256: this.chain.head?.sha256, events: batch.lines.length };
    if (this.gap === undefined) log.info("batch", details);
    else log.error("records were gone before they were archived", { ...details, ...this.gap });
  }
}
