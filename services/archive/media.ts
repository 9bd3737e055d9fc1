/** Brings files of events into the archive. */
import { type MediaSource, mediaAddressOf } from "./homeserver.ts";
import { type ArchivedMedia, mediaKey, sha256Of } from "./manifest.ts";
import type { LockSpecification } from "./specification.ts";
import type { Store } from "./store.ts";

export type MediaStore = Pick<Store, "get" | "hashOf" | "put">;

export interface MediaArgs {
  readonly store: MediaStore;
  readonly homeserver: MediaSource;
  readonly lock?: LockSpecification | undefined;
}

/**
 * Puts a file into the archive, once a day.
 *
 * @returns what the manifest says of it
 * @throws Error where the homeserver or the store cannot be asked now
 */
export async function archiveMedia(
  url: string,
  writtenAt: Date,
  { store, homeserver, lock }: MediaArgs,
): Promise<ArchivedMedia> {
  const address = mediaAddressOf(url);
  if (address === undefined) return { url, missing: "it is no address of a file" };
  const key = mediaKey(writtenAt, address.server, address.id);
  // It may be there: of another event, or of a batch that was not finished.
  if ((await store.hashOf(key)) !== undefined) {
    const content = await store.get(key);
    if (content !== undefined) return { url, key, sha256: sha256Of(content), bytes: content.byteLength };
  }
  const fetched = await homeserver.fetch(address);
  if ("missing" in fetched) return { url, missing: fetched.missing };
  await store.put(key, fetched.content, { lock });
  return { url, key, sha256: sha256Of(fetched.content), bytes: fetched.content.byteLength };
}
