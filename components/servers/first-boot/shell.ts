/** A word as a POSIX shell reads it back. */
export function quoted(word: string | number): string {
  const text = `${word}`;
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** An assignment, for a file that scripts read with `source`. */
export function assigned(name: string, value: string | number): string {
  return `${name}=${quoted(value)}`;
}

/** An assignment of an array, an element a line unless it is short. */
export function listed(name: string, values: readonly string[]): string {
  const words = values.map(quoted);
  const line = `${name}=(${words.join(" ")})`;
  return line.length <= 100 ? line : `${name}=(\n${words.map((word) => `  ${word}\n`).join("")})`;
}
