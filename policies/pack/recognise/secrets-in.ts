/**
 * Secrets in texts that anybody may read, such as a ConfigMap or a command line. A masker may hide too much; a rule that
 * stops a change may not, so that what only refers to a secret is told from what is one.
 */
import { looksRandom } from "./looks-random.ts";
import { assignment, flag, patterns, placeholder, publicToken, token } from "./patterns.ts";
import { isDigestKey, isSensitiveKey } from "./sensitive-key.ts";

export interface FoundSecret {
  /** For example "a private key". Never the secret itself. */
  readonly what: string;
  /** From 1. */
  readonly line: number;
}

/** @param file the text's name: in programs, only what stands in quotes is a value */
export function secretsIn(text: string, file = ""): readonly FoundSecret[] {
  const found = new Map<number, FoundSecret>();
  const rest = withoutPatterns(text, (what, offset) => add(found, what, lineOf(text, offset)));
  const inQuotes = isProgram(file, text);
  for (const { name, value, offset } of settingsIn(rest)) {
    const isExpression = inQuotes && !/^["']/.test(value);
    if (isExpression || isComment(rest, offset) || !isLiteralSecret(name, value)) continue;
    add(found, `a value for "${name.replace(/^-+/, "")}"`, lineOf(text, offset));
  }
  for (const offset of randomTokens(rest, inQuotes)) add(found, "a random text, as keys are", lineOf(text, offset));
  return [...found.values()].toSorted((one, other) => one.line - other.line);
}

/** Whether the name says that the value is secret, and the value is one. */
export function isLiteralSecret(name: string, value: string): boolean {
  const plain = withoutNotation(value);
  if (plain === "" || !isSensitiveKey(name) || namesSecret.test(name)) return false;
  // A word of an enumeration, such as the names of what people are asked to do.
  if (name.split(".").at(-1) === plain) return false;
  // As in the settings of rate limits and of language models.
  if (/tokens?$/i.test(name) && /^\d+(?:\.\d+)?[a-z]{0,3}$/i.test(plain)) return false;
  return !references.some((reference) => reference.test(plain));
}

/** Settings that say which Secret has the value. */
const namesSecret = /(?:existing|pull|tls|ca|auth)[-_.]?secrets?$/i;

/** What says where the secret is, or that there is none. */
const references: readonly RegExp[] = [
  placeholder,
  // A path.
  /^(?:file:\/\/|~|\.{1,2})?\/[\w./@:-]*$/,
  // A variable, a template, a tag, or what is put together from one.
  /^(?:\$|%[[({]|<|!|env[.:(])|\$[({]|\{\{/,
  // A call.
  /^[A-Za-z_][\w.]*\(/,
  // More settings. Braces around a word are the beginning of a hash, as in `{SSHA}…`.
  /^(?:\[|\{(?![A-Z0-9-]{3,}(?:\}|$)))/,
  /^(?:none|off|on|required|optional|disabled|enabled|undefined|_*redacted_*|bearer|basic)$/i,
];

function withoutNotation(value: string): string {
  const [, , quoted] = /^(["'])(.*)\1$/s.exec(value) ?? [];
  return (quoted ?? value.replace(/^[|>][+-]?\n/, "")).trim();
}

/** Blanks whatever has a form of its own, the public and the secret, and tells about the secret. */
function withoutPatterns(text: string, tell: (what: string, offset: number) => void): string {
  let rest = text;
  for (const { pattern, what, certain = /^/ } of patterns) {
    for (const { 0: whole, groups, index } of rest.matchAll(pattern)) {
      const refers = groups?.secret !== undefined && references.some((each) => each.test(groups.secret ?? ""));
      const isSecret = what !== undefined && certain.test(groups?.secret ?? whole) && !refers;
      if (isSecret) tell(what, index);
      if (isSecret || what === undefined) rest = blanked(rest, index, whole.length);
    }
  }
  return rest.replace(publicToken, (found) => blanks(found));
}

function blanked(text: string, start: number, length: number): string {
  return text.slice(0, start) + blanks(text.slice(start, start + length)) + text.slice(start + length);
}

function blanks(text: string): string {
  return text.replace(/[^\n]/g, " ");
}

interface Setting {
  readonly name: string;
  readonly value: string;
  readonly offset: number;
}

function settingsIn(text: string): readonly Setting[] {
  return [assignment, flag].flatMap((notation) =>
    [...text.matchAll(notation)].map(({ groups: { name = "", value = "" } = {}, index }) => ({
      name,
      value,
      offset: index,
    })),
  );
}

/** @param inQuotes whether only what begins a text in quotes counts: the names of a program look random once it is minified */
function randomTokens(text: string, inQuotes: boolean): readonly number[] {
  return [...text.matchAll(token)].flatMap(({ 0: found, index }) => {
    const [, name = ""] = /([\w.-]+)["']?\s*[:=]\s*["']?$/.exec(text.slice(Math.max(0, index - 80), index)) ?? [];
    const isName = inQuotes && !/["'`]/.test(text.charAt(index - 1));
    return looksRandom(found) && !isName && !isDigestKey(name) ? [index] : [];
  });
}

function isProgram(file: string, text: string): boolean {
  return /\.(?:py|[cm]?[jt]s|lua|rb|go|pl)$/.test(file) || /^#!.*\b(?:python|node|lua|ruby|perl)/.test(text);
}

/** Whether the line says something to people. */
function isComment(text: string, offset: number): boolean {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^\s*(?:#|\/\/|;|\*)/.test(text.slice(start, offset));
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** One for each line: the first is what says most. */
function add(found: Map<number, FoundSecret>, what: string, line: number): void {
  if (!found.has(line)) found.set(line, { what, line });
}
