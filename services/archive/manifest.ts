/** Pure: the manifests of an archive. Each names the hash of the one before in its partition, so that none can be changed unseen. */
import { createHash } from "node:crypto";
// Not `{ z }`: with all of it the program would be more than a ConfigMap holds.
import * as z from "zod";

/** Changes with what readers must know. */
export const MANIFEST_VERSION = 1;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const whole = z.number().int().nonnegative();

const media = z.union([
  /** A file that was put into the archive. */
  z.object({ url: z.string(), key: z.string(), sha256: hash, bytes: whole }),
  /** One that could not be had, and why. */
  z.object({ url: z.string(), missing: z.string() }),
]);

/** What an offset was expected to be, and what it was: events between them were never seen. */
const gap = z.object({
  /** `removed`: Kafka had them no longer. `anew`: the topic, or its records, are others than before. */
  reason: z.enum(["removed", "anew"]),
  expectedOffset: whole,
  foundOffset: whole,
});

const shared = {
  version: z.literal(MANIFEST_VERSION),
  topic: z.string(),
  /** Kafka's id of the topic: one of the same name that was made anew has another. */
  topicId: z.string(),
  partition: whole,
  /** From 1, without holes. */
  sequence: z.number().int().positive(),
  /** SHA-256 of the manifest before, nothing in the first one. */
  previous: hash.nullable(),
  writtenAt: z.iso.datetime(),
  /** Program and version. */
  writtenBy: z.string(),
  /** Where the next batch begins. */
  nextOffset: whole,
  /** Gaps in the chain so far. */
  gaps: whole,
};

const batch = z.object({
  ...shared,
  kind: z.literal("batch"),
  /** The events: one a line, compressed by gzip. */
  object: z.object({ key: z.string(), sha256: hash, bytes: whole, count: z.number().int().positive() }),
  firstOffset: whole,
  lastOffset: whole,
  /** Earliest and latest of the events' own times, where one has any. */
  firstTime: z.string().optional(),
  lastTime: z.string().optional(),
  media: z.array(media),
  gap: gap.optional(),
});

const removal = z.object({
  ...shared,
  kind: z.literal("removal"),
  /** By which rule. */
  reason: z.string(),
  /** Objects that were removed: a batch's key has its hash in it. */
  keys: z.array(z.string()).min(1),
});

export const manifest = z.discriminatedUnion("kind", [batch, removal]);

export type Manifest = z.output<typeof manifest>;
export type BatchManifest = z.output<typeof batch>;
export type RemovalManifest = z.output<typeof removal>;
export type ArchivedMedia = z.output<typeof media>;
export type Gap = z.output<typeof gap>;

/** A manifest with the hash of its bytes. */
export interface Head {
  readonly manifest: Manifest;
  readonly sha256: string;
}

export function sha256Of(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** As it is written: the hash is of these bytes. */
export function bytesOf(each: Manifest): Buffer {
  return Buffer.from(`${JSON.stringify(each)}\n`);
}

/** @throws Error that says what is wrong with it */
export function headOf(bytes: Buffer): Head {
  return { manifest: manifest.parse(JSON.parse(bytes.toString())), sha256: sha256Of(bytes) };
}

export const MANIFESTS = "manifests/";
export const EVENTS = "events/";
export const MEDIA = "media/";

export function manifestPrefix(partition: number): string {
  return `${MANIFESTS}partition=${partition}/`;
}

export function manifestKey(partition: number, sequence: number): string {
  return `${manifestPrefix(partition)}${String(sequence).padStart(12, "0")}.json`;
}

/** Partition and sequence that a key is of; nothing where it is of no manifest. */
export function placeOf(key: string): { readonly partition: number; readonly sequence: number } | undefined {
  const [, partition, sequence] = /^manifests\/partition=(\d+)\/(\d{12,})\.json$/.exec(key) ?? [];
  if (partition === undefined || sequence === undefined) return undefined;
  return { partition: Number(partition), sequence: Number(sequence) };
}

/**
 * Where a batch is. The day is that of its writing, not of its events: their time is the sender's word, and nobody may have his
 * events kept for ever, or removed at once, by a clock. The hash makes a name mean one content, whoever writes it.
 */
export function eventsKey(args: {
  readonly writtenAt: Date;
  readonly partition: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly sha256: string;
}): string {
  const offset = (value: number) => String(value).padStart(20, "0");
  const { writtenAt, partition, firstOffset, lastOffset, sha256 } = args;
  const name = `${offset(firstOffset)}-${offset(lastOffset)}-${sha256}.jsonl.gz`;
  return `${EVENTS}date=${dayOf(writtenAt)}/partition=${partition}/${name}`;
}

/** Where a file is: with the batches of its day, so that all of a day goes at the same time. */
export function mediaKey(writtenAt: Date, server: string, id: string): string {
  return `${MEDIA}date=${dayOf(writtenAt)}/${server}/${id}`;
}

/** Day of a key, as it is in it. */
export function dayIn(key: string): string | undefined {
  return /\/date=(\d{4}-\d{2}-\d{2})\//.exec(key)?.[1];
}

/** In UTC. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}
