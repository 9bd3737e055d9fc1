/** Pure: what never gets into the logs: secrets of any kind, and what people write to each other. */

/** A pattern as both Go's RE2 and JavaScript read it. */
export interface Redaction {
  /** What it takes out, in words. */
  readonly what: string;
  readonly regex: string;
  /** Groups as `$1`. */
  readonly replaceWith: string;
  /** Whose lines it is about, by the name of the container. @default everybody's */
  readonly container?: string;
}

/** Stands where something was; it breaks no JSON. */
export const REMOVED = "<removed>";

/** Names whose values are secret wherever they are written. */
const SECRET_NAMES = [
  ...["access_token", "refresh_token", "id_token", "login_?token", "id_token_hint", "token", "bindPassword"],
  ...["new_password", "password", "passwd", "passphrase", "client_secret", "secret", "client_assertion", "assertion"],
  ...["code_verifier", "macaroon", "session", "session_code", "cookie", "set-cookie", "authorization"],
];

/** Where clients of Matrix put what people write. */
const BODY_NAMES = ["body", "formatted_body", "ciphertext"];

const names = `(?i:${[...SECRET_NAMES, ...BODY_NAMES].join("|")})`;

/** Text up to the quotation mark that ends it, in JSON; and in JSON that is a string of JSON. */
const inDouble = String.raw`(?:[^"\\]|\\.)*`;
const inSingle = String.raw`(?:[^'\\]|\\.)*`;
const inEscaped = String.raw`(?:[^"\\]|\\{2,}"?|\\[^"\\])*`;

const removed = `$1${REMOVED}`;

export const redactions: readonly Redaction[] = [
  {
    what: "private keys",
    regex: String.raw`-----BEGIN [A-Z ]*PRIVATE KEY-----[A-Za-z0-9+/=\\\s]*`,
    replaceWith: REMOVED,
  },
  {
    what: "tokens of Synapse, by their form: access, login, refresh",
    regex: String.raw`\b(?:syt|syl|syr|mat|mar)_[A-Za-z0-9_=-]{6,}`,
    replaceWith: REMOVED,
  },
  {
    what: "JSON web tokens and macaroons",
    regex: String.raw`\b(?:eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)*|MDAx[A-Za-z0-9_=-]{20,})`,
    replaceWith: REMOVED,
  },
  {
    what: "headers that carry credentials",
    regex: String.raw`(\b(?i:(?:proxy-)?authorization|(?:set-)?cookie|x-api-key)\\?["']?\s*[:=]\s*(?:b?\\?["'])?)[^"'\\\r\n]+`,
    replaceWith: removed,
  },
  {
    what: "bearers' tokens",
    regex: String.raw`(\b(?i:bearer)\s+)[A-Za-z0-9._~+/=-]{6,}`,
    replaceWith: removed,
  },
  {
    what: "whatever stands behind the question mark of an address: codes, states, tokens, words that were searched for",
    regex: String.raw`(/[^\s"'?#\\]*[?#])[^\s"'\\]*=[^\s"'\\]*`,
    replaceWith: removed,
  },
  {
    what: "secrets in forms, and in lines of names and values",
    regex: String.raw`((?:^|[?&;,\s"'({[])(?i:${SECRET_NAMES.join("|")})=\\?["']?)[^&\s"'\\,;)}\]]+`,
    replaceWith: removed,
  },
  { what: "values in JSON", regex: String.raw`("${names}"\s*:\s*")${inDouble}`, replaceWith: removed },
  {
    what: "values in JSON that is a string of JSON",
    regex: String.raw`(\\"${names}\\"\s*:\s*\\")${inEscaped}`,
    replaceWith: removed,
  },
  { what: "values as Python writes them", regex: String.raw`('${names}'\s*:\s*')${inSingle}`, replaceWith: removed },
  {
    what: "values with an apostrophe, as Python writes them",
    regex: String.raw`('${names}'\s*:\s*\\?")${inEscaped}`,
    replaceWith: removed,
  },
  {
    what: "statements of PostgreSQL, their parameters, and the rows that it complains about",
    regex: String.raw`("(?:query|internal_query|detail|context|parameter)"\s*:\s*")${inDouble}`,
    replaceWith: removed,
    container: "postgres",
  },
  {
    what: "statements that PostgreSQL found slow, and values that it cannot read",
    regex: String.raw`("message"\s*:\s*"(?:duration: [^"\\:]*(?:statement|execute|parse|bind)[^"\\:]*: |(?:invalid input|syntax error)(?:[^"\\:]|\\"[^"\\]*\\")*?(?:: | near )))${inDouble}`,
    replaceWith: removed,
    container: "postgres",
  },
  {
    what: "literals in SQL",
    regex: String.raw`'(?:[^'\\]|\\.)*'|\$[A-Za-z_]*\$.*?\$[A-Za-z_]*\$`,
    replaceWith: `'${REMOVED}'`,
    container: "postgres",
  },
  {
    what: "what people search the logs for",
    regex: String.raw`("(?:query|param_query)"\s*:\s*")${inDouble}`,
    replaceWith: removed,
    container: "loki",
  },
];

/** The line as it is kept: what the collector makes of it. */
export function redacted(line: string, container = ""): string {
  return redactions
    .filter((each) => each.container === undefined || each.container === container)
    .reduce((text, { regex, replaceWith }) => text.replace(new RegExp(regex, "g"), replaceWith), line);
}
