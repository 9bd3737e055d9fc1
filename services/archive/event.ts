/** Pure: events as the archive has them, a line each. */
import { gunzipSync, gzipSync } from "node:zlib";
import * as z from "zod";

/** What the archive itself must know of an event. All else is kept as it came, whichever version of the model it is of. */
const archivedEvent = z.looseObject({
  id: z.string(),
  room: z.string(),
  sender: z.string(),
  time: z.string(),
  stateKey: z.string().optional(),
  replaces: z.string().optional(),
  redacts: z.string().optional(),
  media: z.looseObject({ url: z.string() }).optional(),
});

export type ArchivedEvent = z.output<typeof archivedEvent>;

/** What came that is no event: it is kept, too. */
const other = z.strictObject({ notAnEvent: z.string().nullable() });

/** A record's line. The same value gives the same line. */
export function lineOf(value: string | null): string {
  if (value === null || eventIn(value) === undefined) return JSON.stringify({ notAnEvent: value });
  return value.includes("\n") ? JSON.stringify(JSON.parse(value)) : value;
}

/** Nothing where it is none. */
export function eventIn(line: string): ArchivedEvent | undefined {
  try {
    return archivedEvent.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** @throws Error where the line is neither an event nor what was kept as none */
export function readLine(line: string): ArchivedEvent | undefined {
  const event = eventIn(line);
  if (event === undefined) other.parse(JSON.parse(line));
  return event;
}

export function pack(lines: readonly string[]): Buffer {
  return gzipSync(lines.map((line) => `${line}\n`).join(""));
}

/** @throws Error where it is not what {@link pack} makes */
export function unpack(content: Buffer): readonly string[] {
  const text = gunzipSync(content).toString();
  if (!text.endsWith("\n")) throw new Error("its last line is cut off");
  return text.slice(0, -1).split("\n");
}
