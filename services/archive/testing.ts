/** What an archive uses, in memory, for unit tests. The real parts are in components/archive. */
import { jsonLog } from "../runtime/log.ts";
import type { LogRecord } from "./batch.ts";
import { EVENTS, MANIFESTS, sha256Of } from "./manifest.ts";
import { createMetrics } from "./metrics.ts";
import { PartitionArchive, type PartitionArgs } from "./partition-archive.ts";
import type { PutOptions, Store } from "./store.ts";

/** A bucket without versions. */
export class MemoryStore implements Omit<Store, "s3" | "args"> {
  readonly objects = new Map<string, Buffer>();
  readonly held = new Set<string>();
  /** Until when, in milliseconds since 1970. */
  readonly locked = new Map<string, number>();
  /** Keys of manifests that were written again, as a bucket with versions tells. */
  readonly again: string[] = [];

  async get(key: string): Promise<Buffer | undefined> {
    return this.objects.get(key);
  }

  async hashOf(key: string): Promise<string | undefined> {
    const content = this.objects.get(key);
    return content && sha256Of(content);
  }

  async put(key: string, body: Buffer, { onlyIfNew = false }: PutOptions = {}): Promise<boolean> {
    if (onlyIfNew && this.objects.has(key)) return false;
    this.objects.set(key, body);
    return true;
  }

  async list(prefix: string, { after = "", limit = 1000 }: { after?: string; limit?: number } = {}): Promise<string[]> {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after);
    return keys.sort().slice(0, limit);
  }

  async *keys(prefix: string): AsyncGenerator<string> {
    yield* await this.list(prefix, { limit: Number.POSITIVE_INFINITY });
  }

  async *versions(prefix: string) {
    const keys = [...(await this.list(prefix, { limit: Number.POSITIVE_INFINITY })), ...this.again];
    for (const key of keys) yield { key, id: "null", deleted: false };
  }

  async remove(key: string): Promise<void> {
    if (this.held.has(key)) throw new Error(`${key} is held`);
    this.objects.delete(key);
  }

  async lockedUntil(key: string): Promise<number | undefined> {
    return this.locked.get(key);
  }

  async hold(key: string, on: boolean): Promise<void> {
    if (on) this.held.add(key);
    else this.held.delete(key);
  }

  async canLock(): Promise<boolean> {
    return true;
  }

  close(): void {}

  /** Keys of batches, and of manifests. */
  get batches(): readonly string[] {
    return [...this.objects.keys()].filter((key) => key.startsWith(EVENTS)).sort();
  }

  get manifests(): readonly string[] {
    return [...this.objects.keys()].filter((key) => key.startsWith(MANIFESTS)).sort();
  }
}

/** An event of the model, as a record's value. */
export function eventValue(id: string, more: object = {}): string {
  return JSON.stringify({
    ...{ version: 1, id, engine: "matrix", room: "!a:example.org", sender: "@ada:example.org" },
    ...{ time: "2026-11-30T06:58:58.732Z", kind: "message", type: "m.room.message", encrypted: false },
    ...{ content: { msgtype: "m.text", body: `says ${id}` }, accepted: true },
    ...more,
  });
}

/** Records with these values, from an offset on. */
export function recordsOf(values: readonly (string | null)[], first = 0): readonly LogRecord[] {
  return values.map((value, index) => ({ offset: first + index, timestampMs: 1_796_021_938_732 + index, value }));
}

export function partitionArgs(store: MemoryStore, files: Readonly<Record<string, string>> = {}): PartitionArgs {
  return {
    store,
    homeserver: {
      fetch: async ({ server, id }) => {
        const content = files[`mxc://${server}/${id}`];
        if (content === "unavailable") throw new Error("the homeserver does not answer");
        return content === undefined ? { missing: "it is gone" } : { content: Buffer.from(content) };
      },
    },
    topic: "im.events",
    metrics: createMetrics(),
    log: jsonLog(() => undefined),
  };
}

/** Archives values as batches of a partition, from where it is. */
export async function archiveValues(
  args: PartitionArgs,
  batches: readonly (readonly (string | null)[])[],
  partition = 0,
): Promise<PartitionArchive> {
  const found = { topicId: "topic", earliest: 0, latest: 1000 };
  const archive = await PartitionArchive.open(args, partition, found);
  for (const values of batches) {
    await archive.take(recordsOf(values, archive.nextOffset), 10_000);
    await archive.close();
  }
  return archive;
}
