/**
 * Distinguished names as they are compared: without regard to case, to spaces around separators, or to how characters
 * are escaped.
 * @source https://www.rfc-editor.org/rfc/rfc4514
 */
export function normalizeDn(dn: string): string {
  return splitUnescaped(dn, ",")
    .map((rdn) => splitUnescaped(rdn, "+").map(normalizePair).sort().join("+"))
    .join(",");
}

function normalizePair(pair: string): string {
  const at = pair.indexOf("=");
  if (at < 0) throw new Error(`"${pair}" is no part of a distinguished name: it has no "="`);
  const type = pair.slice(0, at).trim().toLowerCase();
  const value = unescaped(pair.slice(at + 1))
    .normalize("NFKC")
    .toLowerCase()
    .normalize("NFC")
    .replace(/\s+/g, " ")
    .trim();
  // Escaped again in one way, so that no value can look like a separator.
  return `${type}=${value.replace(/[\\,+]/g, (character) => `\\${character}`)}`;
}

function splitUnescaped(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === separator) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** A value without its escapes: `\2C` and `\,` are a comma, `\C3\A9` is é. */
function unescaped(value: string): string {
  return value.replace(/(?:\\[0-9a-f]{2})+|\\(.)/giu, (match, character: string | undefined) =>
    character === undefined ? Buffer.from(match.replaceAll("\\", ""), "hex").toString("utf8") : character,
  );
}
