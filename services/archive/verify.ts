/** Checks an archive: each chain of manifests, and all that they name. It changes nothing. */
import { ahead, objectsOf } from "./ahead.ts";
import { type ArchivedEvent, readLine, unpack } from "./event.ts";
import {
  type BatchManifest,
  EVENTS,
  type Head,
  headOf,
  MANIFESTS,
  type Manifest,
  MEDIA,
  manifestKey,
  placeOf,
  sha256Of,
} from "./manifest.ts";
import type { ReadableStore } from "./store.ts";

/** What is wrong with an object. */
export interface Finding {
  readonly key: string;
  readonly problem: string;
}

/** The end of a chain. Whoever keeps it elsewhere sees a chain that was cut, or written anew. */
export interface ChainEnd {
  readonly partition: number;
  readonly sequence: number;
  readonly sha256: string;
}

export interface PartitionReport extends ChainEnd {
  readonly batches: number;
  readonly events: number;
  /** Where records were gone before they were archived: no fault of the archive's keeping. */
  readonly gaps: number;
}

export interface ArchiveReport {
  readonly findings: readonly Finding[];
  readonly partitions: readonly PartitionReport[];
  /** Records, and events among them, each once. */
  readonly records: number;
  readonly uniqueEvents: number;
  readonly media: number;
  /** Files that could not be had when their events were archived. */
  readonly mediaMissing: number;
  /** Objects that were removed by rule, as manifests say. */
  readonly removed: number;
  /** Objects that no manifest names: of batches that were not finished. */
  readonly leftovers: readonly string[];
}

export interface VerifyArgs {
  readonly store: ReadableStore;
  /** Ends of chains, of an earlier check. @default nothing is known */
  readonly earlier?: readonly ChainEnd[];
  /** Called for each event, the first time that it is read. */
  readonly onEvent?: (event: ArchivedEvent) => void;
}

export async function verifyArchive({ store, earlier = [], onEvent }: VerifyArgs): Promise<ArchiveReport> {
  const findings: Finding[] = [];
  const find = (key: string, problem: string) => void findings.push({ key, problem });
  const chains = await readChains(store, find);
  for (const [partition, chain] of chains) checkLinks(partition, chain, find);
  checkEarlier(earlier, chains, find);
  await checkVersions(store, find);
  const manifests = [...chains.values()].flatMap((chain) => [...chain.values()].map(({ manifest }) => manifest));
  const batches = manifests.filter((each) => each.kind === "batch");
  const removed = new Set(manifests.flatMap((each) => (each.kind === "removal" ? each.keys : [])));
  const checker = new ContentChecker(store, batches, removed, find);
  const ids = new Set<string>();
  let records = 0;
  for await (const events of ahead(batches, (batch) => checker.eventsOf(batch))) {
    for (const event of events) {
      records += 1;
      if (event === undefined || ids.has(event.id)) continue;
      ids.add(event.id);
      onEvent?.(event);
    }
  }
  const media = batches.flatMap((each) => each.media);
  const files = new Map(media.flatMap((each) => ("key" in each ? [[each.key, each.sha256] as const] : [])));
  const checked = ahead(files, ([key, sha256]) => checker.file(key, sha256));
  while (!(await checked.next()).done);
  const named = new Set([...batches.map(({ object }) => object.key), ...files.keys()]);
  return {
    findings,
    partitions: [...chains].flatMap(([partition, chain]) => reportOf(partition, chain)),
    ...{ records, uniqueEvents: ids.size, media: [...files.keys()].filter((key) => !removed.has(key)).length },
    mediaMissing: new Set(media.flatMap((each) => ("missing" in each ? [each.url] : []))).size,
    removed: removed.size,
    leftovers: await leftoversOf(store, named),
  };
}

type Find = (key: string, problem: string) => void;
/** What was read of a chain, by the place that its key says. */
type ReadChain = ReadonlyMap<number, Head>;

async function readChains(store: ReadableStore, find: Find): Promise<ReadonlyMap<number, ReadChain>> {
  const chains = new Map<number, Map<number, Head>>();
  for await (const [key, bytes] of objectsOf(store, MANIFESTS)) {
    const place = placeOf(key);
    if (place === undefined) {
      find(key, "is called like no manifest");
      continue;
    }
    const chain = chains.get(place.partition) ?? new Map<number, Head>();
    chains.set(place.partition, chain);
    const head = readManifest(key, bytes ?? Buffer.from(""), find);
    if (head === undefined) continue;
    const { partition, sequence } = head.manifest;
    if (partition === place.partition && sequence === place.sequence) chain.set(place.sequence, head);
    else find(key, `is out of its order: it holds what belongs at ${manifestKey(partition, sequence)}`);
  }
  return new Map([...chains].sort(([one], [other]) => one - other));
}

function readManifest(key: string, bytes: Buffer, find: Find): Head | undefined {
  try {
    return headOf(bytes);
  } catch {
    find(key, "was altered: it is no manifest");
    return undefined;
  }
}

/** Sequence of the last manifest. There may be more of them than a call takes arguments. */
function lastOf(chain: ReadChain): number {
  let last = 0;
  for (const sequence of chain.keys()) last = Math.max(last, sequence);
  return last;
}

function checkLinks(partition: number, chain: ReadChain, find: Find): void {
  const last = lastOf(chain);
  const altered = new Set<number>();
  for (let sequence = 1; sequence <= last; sequence += 1) {
    const key = manifestKey(partition, sequence);
    const head = chain.get(sequence);
    const before = chain.get(sequence - 1);
    if (head === undefined) {
      // What is out of its order, or cannot be read, was told.
      find(key, "is missing, or is not what was written there");
      continue;
    }
    if (sequence === 1 && head.manifest.previous !== null) find(key, "was altered: nothing can be before the first");
    if (before === undefined) continue;
    if (head.manifest.previous !== before.sha256) {
      // The one behind says which of the two is still what it was.
      const behind = chain.get(sequence + 1);
      const intact = behind === undefined || behind.manifest.previous === head.sha256;
      altered.add(intact ? sequence - 1 : sequence);
      continue;
    }
    checkOffsets(key, head.manifest, before.manifest, find);
  }
  for (const sequence of altered)
    find(manifestKey(partition, sequence), "was altered: its hash is not the one that the chain has");
}

function checkOffsets(key: string, each: Manifest, before: Manifest, find: Find): void {
  const begins = each.kind === "batch" ? each.firstOffset : each.nextOffset;
  const expected = each.kind === "batch" && each.gap ? each.gap.foundOffset : before.nextOffset;
  if (begins !== expected) find(key, `begins at offset ${begins}, and the one before ends at ${before.nextOffset}`);
}

function checkEarlier(earlier: readonly ChainEnd[], chains: ReadonlyMap<number, ReadChain>, find: Find): void {
  for (const { partition, sequence, sha256 } of earlier) {
    const now = chains.get(partition)?.get(sequence)?.sha256;
    const key = manifestKey(partition, sequence);
    if (now === undefined) find(key, "was there when it was checked before, and is not now");
    else if (now !== sha256) find(key, "was altered since it was checked before");
  }
}

/** Manifests are written once. Where the bucket keeps versions, one that was overwritten has several. */
async function checkVersions(store: ReadableStore, find: Find): Promise<void> {
  const counts = new Map<string, number>();
  for await (const { key } of store.versions(MANIFESTS)) counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const [key, count] of counts) if (count > 1) find(key, `was written or deleted again: it has ${count} versions`);
}

/** Reads what manifests name. */
class ContentChecker {
  private readonly store: ReadableStore;
  private readonly removed: ReadonlySet<string>;
  private readonly find: Find;
  /** Where a content belongs, by its hash. */
  private readonly places: ReadonlyMap<string, string>;

  constructor(store: ReadableStore, batches: readonly BatchManifest[], removed: ReadonlySet<string>, find: Find) {
    this.store = store;
    this.removed = removed;
    this.find = find;
    this.places = new Map(batches.map(({ object }) => [object.sha256, object.key]));
  }

  /** Records of a batch: an event, or nothing where it is none. Empty where it cannot be read, or was removed. */
  async eventsOf({ object, firstOffset, lastOffset }: BatchManifest): Promise<readonly (ArchivedEvent | undefined)[]> {
    const content = await this.file(object.key, object.sha256);
    if (content === undefined) return [];
    const events = this.linesIn(object.key, content);
    if (events === undefined) return [];
    const offsets = lastOffset - firstOffset + 1;
    if (events.length !== object.count || offsets !== object.count)
      this.find(object.key, `holds ${events.length} records; its manifest says ${object.count}, of ${offsets} offsets`);
    return events;
  }

  /** The content, where it is what it was. */
  async file(key: string, sha256: string): Promise<Buffer | undefined> {
    if (this.removed.has(key)) return undefined;
    const content = await this.store.get(key);
    if (content === undefined) {
      this.find(key, "is missing");
      return undefined;
    }
    const found = sha256Of(content);
    if (found === sha256) return content;
    const place = this.places.get(found);
    this.find(key, place === undefined ? "was altered" : `is out of its order: it holds what belongs at ${place}`);
    return undefined;
  }

  private linesIn(key: string, content: Buffer): readonly (ArchivedEvent | undefined)[] | undefined {
    try {
      return unpack(content).map(readLine);
    } catch (error) {
      this.find(key, `cannot be read: ${error instanceof Error ? error.message : error}`);
      return undefined;
    }
  }
}

async function leftoversOf(store: ReadableStore, named: ReadonlySet<string>): Promise<readonly string[]> {
  const leftovers: string[] = [];
  for (const prefix of [EVENTS, MEDIA])
    for await (const key of store.keys(prefix)) if (!named.has(key)) leftovers.push(key);
  return leftovers;
}

function reportOf(partition: number, chain: ReadChain): readonly PartitionReport[] {
  const sequence = lastOf(chain);
  const last = chain.get(sequence);
  if (last === undefined) return [];
  const batches = [...chain.values()].flatMap(({ manifest }) => (manifest.kind === "batch" ? [manifest] : []));
  const events = batches.reduce((sum, { object }) => sum + object.count, 0);
  return [{ partition, sequence, sha256: last.sha256, batches: batches.length, events, gaps: last.manifest.gaps }];
}
