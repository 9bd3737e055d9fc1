/** Names that are few letters away from what was written, nearest first. */
export function nearest(written: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, distance: distance(written.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  if (best === undefined) return undefined;
  const tolerated = Math.max(2, Math.floor(best.name.length / 3));
  return best.distance <= tolerated ? best.name : undefined;
}

/** Letters to insert, remove, replace or swap with the next (Damerau and Levenshtein). */
export function distance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const cell = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    rows.push(current);
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(
        Math.min(
          cell(row - 1, column) + 1,
          cell(row, column - 1) + 1,
          cell(row - 1, column - 1) + (same ? 0 : 1),
          swapped ? cell(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return cell(from.length, to.length);
}

const LONGEST = 80;

/** What was given, as it may stand in a message: short, on one line, and never a private key. */
export function shown(value: unknown): string {
  if (typeof value === "string" && /PRIVATE KEY/.test(value)) return hidden(value);
  if (Array.isArray(value)) return value.length <= 4 ? shorten(JSON.stringify(value)) : `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) {
    const names = Object.keys(value);
    return names.length === 0 ? "an empty object" : shorten(`an object with ${names.join(", ")}`);
  }
  return shorten(JSON.stringify(value) ?? String(value));
}

/** What stands in a message for a value that is secret. */
export function hidden(value: unknown): string {
  return typeof value === "string" ? `a secret (length ${value.length})` : "a secret";
}

function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

const PER_MIB: Readonly<Record<string, number>> = { k: 1 / 1024, m: 1, g: 1024, t: 1024 * 1024 };
const DAYS: Readonly<Record<string, number>> = { d: 1, w: 7, m: 30, y: 365 };

/** The number that somebody meant who wrote a unit with it, in the unit of the setting. */
export function numberMeant(written: string, unit: string | undefined): number | undefined {
  const match = /^\s*(\d+(?:[.,]\d+)?)\s*([a-z%]*)\s*$/i.exec(written);
  if (match === null) return undefined;
  const [, digits = "", suffix = ""] = match;
  const amount = Number(digits.replace(",", "."));
  const letter = suffix.charAt(0).toLowerCase();
  if (suffix === "") return amount;
  if (unit === "MiB" && letter in PER_MIB) return Math.ceil(amount * (PER_MIB[letter] ?? 1));
  if (unit === "GiB" && letter in PER_MIB) return Math.ceil((amount * (PER_MIB[letter] ?? 1)) / 1024);
  if (unit === "days" && letter in DAYS) return Math.ceil(amount * (DAYS[letter] ?? 1));
  if (unit === "cores" && suffix === "m") return amount / 1000;
  return undefined;
}
