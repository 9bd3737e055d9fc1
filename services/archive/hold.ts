/** Pure: what is kept, however old it is. */
import { type ArchivedEvent, eventIn } from "./event.ts";
import type { HoldSpecification } from "./specification.ts";

/** Whether the event is the person's own, or about them. */
export function concerns(event: ArchivedEvent, person: string): boolean {
  return event.sender === person || event.stateKey === person;
}

/** The first hold that a batch is under. @param lines of the batch */
export function holdOn(lines: readonly string[], holds: readonly HoldSpecification[]): HoldSpecification | undefined {
  if (holds.length === 0) return undefined;
  const events = lines.flatMap((line) => eventIn(line) ?? []);
  return holds.find(({ rooms, persons }) =>
    events.some((event) => rooms.includes(event.room) || persons.some((person) => concerns(event, person))),
  );
}
