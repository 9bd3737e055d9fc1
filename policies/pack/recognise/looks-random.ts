/**
 * Tells keys and tokens from the words that people make names of. Statistics cannot be sure about short ones: it is meant
 * for what has 128 bits or more. What is shorter is hidden for the place where it stands, not for how it looks.
 */

/** Shorter tokens are never taken for random. */
export const MIN_LENGTH = 20;

const MIN_HEX = 32;

/** Frequent pairs of letters: about two thirds of those in English and in identifiers, a sixth of those in random text. */
const FREQUENT_PAIRS = new Set(
  (
    "th he in er an re nd at on nt ha es st en ed to it ou ea hi is or ti as te et ng of al de se le si ar ve ra ur io " +
    "ro ri ic ne me co li ll ce ch be ma ta di la el us ec om no na pe ca ho ct em ai ss pr su ac tr il po ee mi ut un " +
    "so im pl id ge ul ad am pa ol ow ag ab ir ot ev ie ke sh wi ty ly ry"
  ).split(" "),
);

/** Whether a run of letters, digits and `+ / _ = -` looks as if a machine had thrown dice for it. */
export function looksRandom(token: string): boolean {
  if (token.length < MIN_LENGTH) return false;
  if (/^[0-9a-f]+$|^[0-9A-F]+$/.test(token)) return token.length >= MIN_HEX && isMixed(token);
  // Nobody ends a name with an equals sign.
  if (/^[A-Za-z0-9+/_-]+={1,2}$/.test(token) && token.length % 4 === 0 && classesOf(token) > 1) return true;
  const parts = token.split(/[^A-Za-z0-9]+/).filter((part) => part !== "");
  if (parts.some((part) => part.length >= MIN_LENGTH && isScrambled(part))) return true;
  // In base64 separators are rare; paths, names and lists of cipher suites are full of them.
  const joined = parts.join("");
  return token.length / parts.length >= (classesOf(joined) === 3 ? 4.5 : 8) && isScrambled(joined);
}

function isMixed(hex: string): boolean {
  return /\d/.test(hex) && /[a-f]/i.test(hex);
}

function isScrambled(text: string): boolean {
  return hasScatteredDigits(text) || hasShortPieces(text) || (classesOf(text) > 1 && hasRarePairs(text));
}

/** Names have a digit at the end, or a version; a key has them everywhere. */
function hasScatteredDigits(text: string): boolean {
  const switches = [...text.matchAll(/\d(?=[A-Za-z])|[A-Za-z](?=\d)/g)].length;
  return switches >= Math.max(5, text.length / 8);
}

/** The words of `camelCase` are longer than two or three letters. */
function hasShortPieces(text: string): boolean {
  return classesOf(text) > 1 && pieceLength(text) < 2.5;
}

/** Of the words of `camelCase` and its numbers, on the average. */
function pieceLength(text: string): number {
  const pieces = text.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g) ?? [];
  return text.length / pieces.length;
}

function hasRarePairs(text: string): boolean {
  const letters = text.toLowerCase();
  let [pairs, frequent] = [0, 0];
  for (let index = 0; index + 1 < letters.length; index += 1) {
    const pair = letters.slice(index, index + 2);
    if (!/^[a-z]{2}$/.test(pair)) continue;
    pairs += 1;
    if (FREQUENT_PAIRS.has(pair)) frequent += 1;
  }
  // Where pieces are as long as words, they are words until nothing speaks for it.
  return pairs >= 8 && frequent / pairs < (pieceLength(text) < 4 ? 0.4 : 0.2);
}

function classesOf(text: string): number {
  return [/[a-z]/, /[A-Z]/, /\d/].filter((letters) => letters.test(text)).length;
}
