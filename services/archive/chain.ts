/** The chain of a partition's manifests in the store: what it says is archived, and nothing else. */
import {
  bytesOf,
  type Head,
  headOf,
  type Manifest,
  manifestKey,
  manifestPrefix,
  placeOf,
  sha256Of,
} from "./manifest.ts";
import type { LockSpecification } from "./specification.ts";
import type { Store } from "./store.ts";

/** Another program has written what was to be written: it goes on, this one begins anew from what it finds. */
export class FencedError extends Error {
  constructor(key: string) {
    super(`another program has written ${key}`);
  }
}

export type ChainStore = Pick<Store, "get" | "list" | "put">;

/** What is the same in all manifests, and follows from the one before. */
type Link = "version" | "partition" | "sequence" | "previous";
type Unlinked<M> = M extends Manifest ? Omit<M, Link> : never;

export class Chain {
  readonly partition: number;
  private readonly store: ChainStore;
  private readonly lock: LockSpecification | undefined;
  private last: Head | undefined;

  private constructor(
    store: ChainStore,
    partition: number,
    last: Head | undefined,
    lock: LockSpecification | undefined,
  ) {
    this.store = store;
    this.partition = partition;
    this.last = last;
    this.lock = lock;
  }

  /** @throws Error where the newest manifest cannot be read: then nobody writes behind it */
  static async open(store: ChainStore, partition: number, lock?: LockSpecification): Promise<Chain> {
    const key = await lastKey(store, partition);
    if (key === undefined) return new Chain(store, partition, undefined, lock);
    const bytes = await store.get(key);
    if (bytes === undefined) throw new Error(`${key} is listed, and not there`);
    return new Chain(store, partition, headIn(key, bytes), lock);
  }

  get head(): Head | undefined {
    return this.last;
  }

  /** Writes the next manifest, where nobody else has. @throws FencedError where somebody has */
  async append(each: Unlinked<Manifest>): Promise<Head> {
    const sequence = (this.last?.manifest.sequence ?? 0) + 1;
    const link = { version: 1, partition: this.partition, sequence, previous: this.last?.sha256 ?? null } as const;
    const manifest: Manifest = { ...each, ...link };
    const bytes = bytesOf(manifest);
    const key = manifestKey(this.partition, sequence);
    if (!(await this.store.put(key, bytes, { onlyIfNew: true, lock: this.lock }))) throw new FencedError(key);
    this.last = { manifest, sha256: sha256Of(bytes) };
    return this.last;
  }
}

function headIn(key: string, bytes: Buffer): Head {
  try {
    return headOf(bytes);
  } catch (error) {
    throw new Error(`${key} is no manifest, and nothing is written behind it. Look with \`make archive-verify\`.`, {
      cause: error,
    });
  }
}

/**
 * The newest manifest's key. Asked is whether there is any behind a place: ever farther, then between; some forty questions for a
 * million manifests. A hole does not lead astray.
 */
async function lastKey(store: ChainStore, partition: number): Promise<string | undefined> {
  const prefix = manifestPrefix(partition);
  const behind = async (sequence: number) => {
    const [key] = await store.list(prefix, { after: manifestKey(partition, sequence), limit: 1 });
    return key === undefined ? undefined : placeOf(key)?.sequence;
  };
  let there = await behind(0);
  if (there === undefined) return undefined;
  let step = 1;
  for (let next = await behind(there + step); next !== undefined; next = await behind(there + step)) {
    there = next;
    step *= 2;
  }
  let none = there + step;
  while (there < none) {
    const middle: number = Math.floor((there + none) / 2);
    const found = await behind(middle);
    if (found === undefined) none = middle;
    else there = found;
  }
  return manifestKey(partition, there);
}
