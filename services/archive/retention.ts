/** Removes what is older than is to be kept, day by day, and leaves a manifest that says so. */
import type { Log } from "../runtime/log.ts";
import type { Chain } from "./chain.ts";
import { eventIn, unpack } from "./event.ts";
import { holdOn } from "./hold.ts";
import { mediaAddressOf } from "./homeserver.ts";
import { dayIn, dayOf, EVENTS, MEDIA, mediaKey } from "./manifest.ts";
import type { Metrics } from "./metrics.ts";
import { WRITER } from "./partition-archive.ts";
import type { LockSpecification, RetentionSpecification } from "./specification.ts";
import { type Store, StoreError } from "./store.ts";

const DAY_MS = 86_400_000;
/** Objects that one manifest names: between them, events are archived. */
const AT_A_TIME = 50;

export interface RetentionArgs {
  readonly store: Pick<Store, "get" | "list" | "keys" | "lockedUntil" | "remove" | "hold">;
  /** By partition. */
  readonly chains: readonly Chain[];
  readonly topic: string;
  readonly retention: RetentionSpecification;
  readonly lock?: LockSpecification | undefined;
  readonly metrics: Metrics;
  readonly log: Log;
  /** @default now */
  readonly today?: () => Date;
}

/** Does a little each time that it is asked for the next. It looks once a day, and when it is begun. */
export async function* retain(args: RetentionArgs): AsyncGenerator<void, never> {
  const { retention, today = () => new Date() } = args;
  for (let looked = ""; ; yield) {
    const now = today();
    if (retention.days === undefined || looked === dayOf(now)) continue;
    try {
      yield* removeBefore(args, dayOf(new Date(now.getTime() - retention.days * DAY_MS)), retention.days);
    } catch (error) {
      // What the store does not allow is tried again tomorrow: nobody's events wait for it.
      if (!(error instanceof StoreError) || error.status >= 500) throw error;
      args.log.error("what is old could not be removed", { error: error.message });
    }
    looked = dayOf(now);
  }
}

async function* removeBefore(args: RetentionArgs, firstKept: string, days: number): AsyncGenerator<void> {
  let held = 0;
  const reason = `older than ${days} days`;
  for await (const day of daysBefore(args, firstKept)) {
    const files = new Set<string>();
    let due: string[] = [];
    for await (const key of args.store.keys(`${EVENTS}date=${day}/`)) {
      const heldFiles = await filesIfHeld(args, key, day);
      if (heldFiles !== undefined) {
        held += 1;
        for (const file of heldFiles) files.add(file);
      } else due.push(key);
      if (due.length < AT_A_TIME) continue;
      await remove(args, due, reason);
      due = [];
      yield;
    }
    await remove(args, due, reason);
    yield;
    due = [];
    for await (const key of args.store.keys(`${MEDIA}date=${day}/`)) {
      if (files.has(key)) await holdObject(args, key, true);
      else due.push(key);
    }
    for (; due.length > 0; yield) await remove(args, due.splice(0, AT_A_TIME), reason);
  }
  args.metrics.held.set(held);
}

/** Days of which there is anything, before the first that is kept, in their order. */
async function* daysBefore({ store }: RetentionArgs, firstKept: string): AsyncGenerator<string> {
  for (let day = ""; ; ) {
    const first = async (prefix: string) => {
      // Behind all keys of the day, whatever they are called.
      const [key] = await store.list(prefix, { limit: 1, ...(day !== "" && { after: `${prefix}date=${day}/~` }) });
      return key === undefined ? undefined : dayIn(key);
    };
    const next = [await first(EVENTS), await first(MEDIA)].flatMap((each) => each ?? []).sort()[0];
    if (next === undefined || next >= firstKept) return;
    day = next;
    yield day;
  }
}

/** Keys of the files of a batch, where it is held. */
async function filesIfHeld(args: RetentionArgs, key: string, day: string): Promise<readonly string[] | undefined> {
  const { store, retention } = args;
  if (retention.holds.length === 0) return undefined;
  const content = await store.get(key);
  if (content === undefined) return undefined;
  const lines = unpack(content);
  const hold = holdOn(lines, retention.holds);
  if (hold === undefined) return undefined;
  await holdObject(args, key, true);
  return lines.flatMap((line) => {
    const address = mediaAddressOf(eventIn(line)?.media?.url ?? "");
    return address === undefined ? [] : [mediaKey(new Date(day), address.server, address.id)];
  });
}

/** Its manifest is written first: what is gone was named. */
async function remove(args: RetentionArgs, old: readonly string[], reason: string): Promise<void> {
  const { store, chains, topic, metrics, log, today = () => new Date() } = args;
  const due: string[] = [];
  // It may have been written when it was to be kept for longer.
  for (const key of old) if (((await store.lockedUntil(key)) ?? 0) <= Date.now()) due.push(key);
  // Files are of no one partition, and the first one is always there.
  const byPartition = Map.groupBy(due, (key) => Number(/\/partition=(\d+)\//.exec(key)?.[1] ?? 0));
  for (const [partition, keys] of byPartition) {
    const chain = chains[partition];
    const last = chain?.head?.manifest;
    if (chain === undefined || last === undefined) continue;
    const { topicId, nextOffset, gaps } = last;
    const writtenAt = today().toISOString();
    await chain.append({
      kind: "removal",
      topic,
      topicId,
      writtenAt,
      writtenBy: WRITER,
      nextOffset,
      gaps,
      reason,
      keys,
    });
    for (const key of keys) {
      // It may have been held until now.
      await holdObject(args, key, false);
      await store.remove(key);
    }
    metrics.removed.inc(keys.length);
    log.info("removed", { partition, objects: keys.length, reason });
  }
}

/** Where the bucket has locks, the store itself lets nobody delete it. */
async function holdObject({ store, lock }: RetentionArgs, key: string, on: boolean): Promise<void> {
  if (lock !== undefined) await store.hold(key, on);
}
