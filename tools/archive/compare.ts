/** Pure: what the database has, beside what the archive has. */

export interface Comparison {
  /** Events of the database that were to be in the archive. */
  readonly inDatabase: number;
  /** Those of them that are not: all are counted, and the first are named. */
  readonly missing: number;
  readonly examples: readonly string[];
}

const EXAMPLES = 20;

/** @param archived ids of all events of the archive @param database those of the database */
export function compareEvents(archived: ReadonlySet<string>, database: Iterable<string>): Comparison {
  let [inDatabase, missing] = [0, 0];
  const examples: string[] = [];
  for (const id of database) {
    inDatabase += 1;
    if (archived.has(id)) continue;
    missing += 1;
    if (examples.length < EXAMPLES) examples.push(id);
  }
  return { inDatabase, missing, examples };
}

/**
 * Asks for the ids of events. Those of the last minutes may be on their way; those from before a moment may have been removed.
 *
 * @param after in milliseconds since 1970. @default from the beginning
 */
export function eventsQuery({ settleSeconds, afterMs = 0 }: { settleSeconds: number; afterMs?: number }): string {
  return `SELECT event_id FROM events JOIN event_json USING (event_id) WHERE received_ts > ${afterMs} AND received_ts < (extract(epoch FROM now()) - ${settleSeconds}) * 1000`;
}
