/** An export of the archive, as a folder: events, a page, files, and the hashes of all of it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type FoundEvent, findEvents, type Wanted } from "../../services/archive/find-events.ts";
import { sha256Of } from "../../services/archive/manifest.ts";
import type { ReadableStore } from "../../services/archive/store.ts";
import { exportPage, type ShownEvent } from "./html.ts";
import { BEGINNING, END } from "./wanted.ts";

export interface ExportArgs {
  readonly store: Pick<ReadableStore, "get" | "keys">;
  readonly wanted: Wanted;
  /** It must be new, or empty. */
  readonly folder: string;
  readonly now: Date;
}

export interface Exported {
  readonly events: number;
  readonly files: number;
  /** SHA-256 of the export's own manifest: to be kept elsewhere. */
  readonly sha256: string;
}

/** @throws Error where the archive is not whole, or has nothing of what is wanted */
export async function exportEvents({ store, wanted, folder, now }: ExportArgs): Promise<Exported> {
  const found = await findEvents(store, wanted);
  const fromText = wanted.from === BEGINNING ? "the beginning" : wanted.from;
  const toText = wanted.to === END ? "the end" : wanted.to;
  if (found.length === 0)
    throw new Error(
      `The archive has nothing of ${wanted.room ?? wanted.person} from ${fromText} to ${toText}. Check the name, and the period (in UTC).`,
    );
  const hashes: { readonly name: string; readonly bytes: number; readonly sha256: string }[] = [];
  const write = (name: string, content: Buffer | string) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { flag: "wx", mode: 0o600 });
    hashes.push({ name, bytes: Buffer.byteLength(content), sha256: sha256Of(content) });
  };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  write("events.jsonl", found.map(({ line }) => `${line}\n`).join(""));
  const shown: ShownEvent[] = [];
  const written = new Set<string>();
  for (const each of found) {
    const media = await fileOf(store, each);
    if (media !== undefined && "content" in media && !written.has(media.path)) write(media.path, media.content);
    if (media !== undefined && "path" in media) written.add(media.path);
    shown.push({ event: each.event, ...(media && { media }) });
  }
  const facts = [
    ...(wanted.room === undefined ? [] : [["Room", wanted.room] as const]),
    ...(wanted.person === undefined ? [] : [["Person", wanted.person] as const]),
    ...([
      ["From", fromText],
      ["To", toText],
      ["Exported", now.toISOString()],
      ["Events", String(found.length)],
    ] as const),
  ];
  write("index.html", exportPage({ title: `Archive: ${wanted.room ?? wanted.person}`, facts, events: shown }));
  const manifest = `${JSON.stringify({ wanted, exportedAt: now.toISOString(), events: found.length, files: hashes }, null, 2)}\n`;
  write("manifest.json", manifest);
  return { events: found.length, files: written.size, sha256: sha256Of(manifest) };
}

type File = { readonly path: string; readonly content: Buffer } | { readonly missing: string };

async function fileOf(store: ExportArgs["store"], { event, media }: FoundEvent): Promise<File | undefined> {
  if (media === undefined) return undefined;
  if ("missing" in media) return { missing: media.missing };
  const content = await store.get(media.key);
  if (content === undefined) return { missing: "it was removed" };
  if (sha256Of(content) !== media.sha256) throw new Error(`${media.key} was altered. Run \`make archive-verify\`.`);
  return { path: `media/${media.sha256.slice(0, 16)}${extensionOf(event.media?.name)}`, content };
}

/** Of its name, which is the sender's word: letters and digits alone. */
function extensionOf(name: unknown): string {
  const [extension = ""] = typeof name === "string" ? (/\.[A-Za-z0-9]{1,8}$/.exec(name) ?? []) : [];
  return extension.toLowerCase();
}
