/** Reads events of a room or a person out of an archive. */
import { ahead, objectsOf } from "./ahead.ts";
import { type ArchivedEvent, eventIn, unpack } from "./event.ts";
import { concerns } from "./hold.ts";
import { type ArchivedMedia, type BatchManifest, headOf, MANIFESTS, sha256Of } from "./manifest.ts";
import type { ReadableStore } from "./store.ts";

/** What is looked for: one of both, in a time of the events' own. */
export interface Wanted {
  readonly room?: string | undefined;
  /** What somebody has written, what others have changed of it, and what was about them. */
  readonly person?: string | undefined;
  /** The first moment, and the first after the last, in ISO 8601. */
  readonly from: string;
  readonly to: string;
}

export interface FoundEvent {
  readonly event: ArchivedEvent;
  /** As it is in the archive. */
  readonly line: string;
  /** Its file, as it was archived with it. */
  readonly media?: ArchivedMedia;
}

interface Placed extends FoundEvent {
  readonly order: string;
}

/**
 * Events in the order in which they were archived, each once: the first that came of an id, since what is read again later may have lost
 * what was redacted.
 *
 * @throws Error where an object is missing or altered: what is handed out must be whole
 */
export async function findEvents(store: Pick<ReadableStore, "get" | "keys">, wanted: Wanted): Promise<FoundEvent[]> {
  const removed = new Set<string>();
  const found: Placed[] = [];
  const missing: string[] = [];
  const batches: BatchManifest[] = [];
  for await (const [key, bytes] of objectsOf(store, MANIFESTS)) {
    if (bytes === undefined) throw new Error(`${key} is missing. Run \`make archive-verify\`.`);
    const { manifest } = headOf(bytes);
    if (manifest.kind === "removal") {
      for (const each of manifest.keys) removed.add(each);
      continue;
    }
    const { firstTime = wanted.to, lastTime = "" } = manifest;
    if (firstTime < wanted.to && lastTime >= wanted.from) batches.push(manifest);
  }
  const contents = ahead(batches, async (batch) => [batch, await store.get(batch.object.key)] as const);
  for await (const [{ object, media, writtenAt, partition, firstOffset }, content] of contents) {
    if (content === undefined) {
      missing.push(object.key);
      continue;
    }
    if (sha256Of(content) !== object.sha256) throw new Error(`${object.key} was altered. Run \`make archive-verify\`.`);
    const files = new Map(media.map((each) => [each.url, each]));
    for (const [index, line] of unpack(content).entries()) {
      const event = eventIn(line);
      if (event === undefined || event.time < wanted.from || event.time >= wanted.to) continue;
      const file = event.media && files.get(event.media.url);
      const order = [writtenAt, partition, firstOffset + index].map((each) => String(each).padStart(24, "0")).join(" ");
      found.push({ event, line, order, ...(file && { media: file }) });
    }
  }
  // A manifest of its removal may stand in the chain behind it.
  const lost = missing.filter((key) => !removed.has(key));
  if (lost.length > 0) throw new Error(`${lost.join(", ")} is missing. Run \`make archive-verify\`.`);
  found.sort((one, other) => (one.order < other.order ? -1 : one.order > other.order ? 1 : 0));
  return selected(found, wanted);
}

function selected(found: readonly Placed[], { room, person }: Wanted): FoundEvent[] {
  const chosen = new Map<string, FoundEvent>();
  for (const { event, line, media } of found) {
    const of = event.replaces ?? event.redacts;
    const ours =
      (room === undefined || event.room === room) &&
      (person === undefined || concerns(event, person) || (of !== undefined && chosen.has(of)));
    if (ours && !chosen.has(event.id)) chosen.set(event.id, { event, line, ...(media && { media }) });
  }
  return [...chosen.values()];
}
