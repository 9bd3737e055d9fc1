/** Pure: what somebody wants of the archive, as it is said on the command line. */
import type { Wanted } from "../../services/archive/find-events.ts";

export interface WantedOptions {
  readonly room?: string | undefined;
  readonly person?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Before and behind all times, as texts: also those that a broken clock has made. */
export const BEGINNING = "";
export const END = "~";

const ROOM = /^!\S{1,254}$/;
const PERSON = /^@[^\s:]{1,200}:\S{1,200}$/;

/** @throws Error that names the option, what it is, and what is allowed */
export function wantedOf({ room, person, from, to }: WantedOptions): Wanted {
  if ((room === undefined) === (person === undefined))
    throw new Error("Say one of both: ROOM='!abc:example.org', or PERSON=@ada:example.org.");
  if (room !== undefined && !ROOM.test(room))
    throw new Error(`ROOM is ${room}; the room's identifier is needed, for example ROOM='!abc:example.org'.`);
  if (person !== undefined && !PERSON.test(person))
    throw new Error(`PERSON is ${person}; the whole identifier is needed, for example PERSON=@ada:example.org.`);
  const wanted = {
    from: from === undefined ? BEGINNING : momentOf("FROM", from, 0),
    to: to === undefined ? END : momentOf("TO", to, 1),
  };
  if (wanted.from >= wanted.to) throw new Error(`FROM is ${from}, and TO is ${to}: FROM must be before TO.`);
  return { ...wanted, ...(room !== undefined && { room }), ...(person !== undefined && { person }) };
}

/** A day is the whole of it. @param days added to a day alone */
function momentOf(name: string, text: string, days: number): string {
  const moment = Date.parse(text);
  if (!/^\d{4}-\d{2}-\d{2}(T.*Z)?$/.test(text) || Number.isNaN(moment))
    throw new Error(`${name} is ${text}; a day (2026-01-31) or a moment in UTC (2026-01-31T08:00:00Z) is allowed.`);
  return new Date(moment + (text.length === 10 ? days * 86_400_000 : 0)).toISOString();
}
