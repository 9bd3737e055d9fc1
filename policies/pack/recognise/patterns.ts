/** Texts that are secret for how they are written, wherever they stand. */

export interface Pattern {
  /** What is hidden: its group called `secret`, or all of it where there is none. */
  readonly pattern: RegExp;
  /** What stands in its place is called so. @default "masked" */
  readonly label?: string;
  /** What it is, for those who only ask whether there is a secret. @default nothing that must be kept secret */
  readonly what?: string;
  /** What the secret must match besides, where a false alarm is worse than a miss. @default whatever the pattern finds */
  readonly certain?: RegExp;
}

/** As keys made by a machine have one, and names seldom do. */
const hasDigit = /\d/;

export const patterns: readonly Pattern[] = [
  // To its end, or to where it was cut off.
  {
    pattern: /-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----|$)/g,
    what: "a private key",
  },
  // Nothing secret, but nothing for people either.
  { pattern: /-----BEGIN CERTIFICATE-----[\s\S]*?(?:-----END CERTIFICATE-----|$)/g, label: "certificate" },
  {
    pattern: /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----[\s\S]*?(?:-----END (?:NEW )?CERTIFICATE REQUEST-----|$)/g,
    label: "certificate request",
  },
  {
    pattern: /-----BEGIN [A-Z0-9 ]*PUBLIC KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PUBLIC KEY-----|$)/g,
    label: "public key",
  },
  { pattern: /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?(?:-----END \1-----|$)/g },
  // JSON Web Tokens: three parts in base64url, of which the first is an object.
  { pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, what: "a JSON Web Token" },
  // Tokens that their makers gave a prefix, so that they can be found.
  {
    pattern:
      /\b(?:gh[opsur]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|npm_\w{20,}|dckr_pat_[\w-]{16,}|pul-[0-9a-f]{16,})/g,
    what: "a token",
    certain: hasDigit,
  },
  {
    pattern:
      /\b(?:xox[abeprs]-[\w-]{10,}|sk-[\w-]{16,}|sk_live_\w{16,}|hv[bs]\.[\w-]{16,}|AIza[\w-]{30,}|SG\.[\w-]{16,}\.[\w-]{16,})/g,
    what: "a token",
    certain: hasDigit,
  },
  {
    pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAGE-SECRET-KEY-1[A-Z0-9]{16,}|\b(?:syt|syr|mat|mct)_\w{12,}/g,
    what: "a token",
    certain: hasDigit,
  },
  // Hashes of passwords, as crypt, bcrypt, argon2 and PostgreSQL write them.
  {
    pattern: /\$(?:[156]|2[abxy]|y|argon2[a-z]*)\$[^\s"',]{8,}|\bSCRAM-SHA-256\$[^\s"',]{8,}|\bmd5[0-9a-f]{32}\b/g,
    what: "a password's hash",
    // Not `$1$request_uri`, which joins two variables.
    certain: /[$:][A-Za-z0-9./+=]{20,}|^md5/,
  },
  {
    pattern: /(?<![\w+.-])[A-Za-z][\w+.-]*:\/\/[^\s/:@"']*:(?<secret>[^\s@"']+)@/g,
    what: "a password in a URL",
    // Not a port, and a path with an at sign in it.
    certain: /^[^/]+$/,
  },
  {
    pattern: /\b(?:bearer|basic)\s+(?<secret>[\w.~+/=-]{8,})/gi,
    what: "an authorization header",
    // Not "basic authentication" in a sentence.
    certain: /\d|[a-z][A-Z].*[a-z][A-Z]|=$/,
  },
];

/** Names, equals signs or colons, and what they are set to, in any of the usual notations. */
export const assignment =
  /(?<![\w.-])(?<name>[A-Za-z_-][\w.-]*)(?<between>["']?[ \t]*(?:=>|:=|=|:(?!:))[ \t]*)(?<value>\[[a-z ]+ \d+\]|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[|>][+-]?\n(?:[ \t]+[^\n]*(?:\n|$))+|[^\s,;"'}\]]+)/g;

/** `--db-password hunter2` */
export const flag =
  /(?<![\w-])--?(?<name>[A-Za-z][\w-]*)[ \t]+(?<value>\[[a-z ]+ \d+\]|"[^"\n]*"|'[^'\n]*'|[^\s"'-][^\s"']*)/g;

export interface Setting {
  readonly name: string;
  readonly value: string;
  /** Where the value begins. */
  readonly index: number;
}

/** All settings in one of the notations, also those within a value: `command: PASSWORD=hunter2` has two. */
export function settingsIn(text: string, notation: RegExp): readonly Setting[] {
  const search = new RegExp(notation);
  const found: Setting[] = [];
  for (let match = search.exec(text); match !== null; match = search.exec(text)) {
    const { name = "", value = "" } = match.groups ?? {};
    const index = match.index + match[0].length - value.length;
    found.push({ name, value, index });
    search.lastIndex = index;
  }
  return found;
}

/** What may look random. */
export const token = /[A-Za-z0-9+/_=-]{20,}/g;

/** Random to look at, and public: digests and fingerprints that say what they are, and UUIDs, which are names. */
export const publicToken =
  /\b(?:sha(?:1|224|256|384|512):[0-9a-f]{40,128}\b|sha(?:256|384|512)-[A-Za-z0-9+/]{43,86}={0,2}|SHA256:[A-Za-z0-9+/]{43}=?|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)/g;

/** Values that only say where the secret comes from: `$(PASSWORD)`, `${DB_PASSWORD}`, `{{ .password }}`. */
export const placeholder = /^(?:\$\(\w+\)|\$\{?\w+\}?|\{\{.*\}\}|%\w+%|<\w+>|\*+|null|~|true|false|yes|no)$/;

/** What is put in the place of something hidden. */
export const standIn = /^\[(?:masked|certificate|certificate request|public key) \d+\]$/;
