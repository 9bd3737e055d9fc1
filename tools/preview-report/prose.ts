/**
 * Sentences for Markdown that are safe by construction: whatever comes from outside stands in a code span, in which
 * GitHub and GitLab see no markup, no mention, no link, no reference and no quick action.
 */

/** Markdown of our own words, and of foreign words in code spans. */
export class Prose {
  readonly markdown: string;

  constructor(markdown: string) {
    this.markdown = markdown;
  }
}

/** Longer texts are cut: a sentence is no place for a file. */
const MAX_CODE = 160;

/** say\`${name} is deleted\`: texts become code spans, numbers and prose stand as they are. */
export function say(parts: TemplateStringsArray, ...values: readonly (string | number | Prose)[]): Prose {
  const markdown = parts.reduce((text, part, index) => {
    const value = values[index - 1] ?? "";
    if (value instanceof Prose) return text + value.markdown + part;
    return text + (typeof value === "number" ? `${value}` : code(value)) + part;
  });
  return new Prose(markdown);
}

/** Several things in a row: `a`, `b` and `c`. From the given number on the rest is only counted. */
export function list(items: readonly (string | Prose)[], most = 5): Prose {
  const all = items.length > most ? [...items.slice(0, most - 1), new Prose(`${items.length - most + 1} more`)] : items;
  const texts = all.map((item) => (item instanceof Prose ? item.markdown : code(item)));
  const last = texts.pop() ?? "";
  return new Prose(texts.length === 0 ? last : `${texts.join(", ")} and ${last}`);
}

export function join(parts: readonly Prose[], between: string): Prose {
  return new Prose(parts.map(({ markdown }) => markdown).join(between));
}

export const nothing = new Prose("");

/** A code span. GFM: its fence is longer than any run of backticks inside. */
export function code(text: string, most: number = MAX_CODE): string {
  const shown = cut(visible(text), most);
  if (shown.trim() === "") return '`""`';
  const runs = shown.match(/`+/g) ?? [];
  const fence = "`".repeat(Math.max(0, ...runs.map(({ length }) => length)) + 1);
  const space = /^`|`$/.test(shown) ? " " : "";
  return `${fence}${space}${shown}${space}${fence}`;
}

/** A block of code, here of a diff, line by line. */
export function codeBlock(lines: readonly string[], language: string): string {
  const text = lines.map((line) => visible(line)).join("\n");
  const runs = text.match(/`{3,}/g) ?? [];
  const fence = "`".repeat(Math.max(2, ...runs.map(({ length }) => length)) + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** One line in which nothing hides: line breaks, control characters and those that turn the writing round are shown. */
export function visible(text: string): string {
  return text
    .replace(/\r?\n|\r|\u2028|\u2029/g, "⏎")
    .replace(/\t/g, " ")
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
