/** Words that say that what follows is secret, when a key ends with them. */
const SECRET_WORDS =
  /(password|passwd|passphrase|secret|token|credential)s?$|^(pass|pwd|pepper|cookies?|dsn|authorization|bearer)$/;

const SECRET_KEYS =
  /^(private|api|access|secret|signing|encryption|master|session|shared|account|auth|license|tls|ssl|ssh|client|server)$/;

/** Say how a value is written, not what it is. */
const NEUTRAL = /^(value|text|plain|plaintext|string|base64|b64|pem|hash|pkcs8|openssh|\d+)$/;

/** Such settings name a Secret: those of CloudNativePG, for example. */
const REFERENCE = /(TLS|CA)Secret$/;

/**
 * Whether a key's name says that its value is secret: `dbPassword`, `DB_PASSWORD`, `api-key`, `privateKeyPem`. Not
 * `secretName`, `passwordLength`, `tokenExpirationSeconds`: what the last word names counts.
 */
export function isSensitiveKey(key: string): boolean {
  if (REFERENCE.test(key)) return false;
  const words = wordsOf(key);
  if (words.slice(-2).join(" ") === "connection string") return true;
  while (words.length > 1 && NEUTRAL.test(words.at(-1) ?? "")) words.pop();
  const [last = "", before = ""] = [words.at(-1), words.at(-2)];
  if (SECRET_WORDS.test(last)) return true;
  return (/^keys?$/.test(last) && SECRET_KEYS.test(before)) || /^(private|api|access|secret)keys?$/.test(last);
}

function wordsOf(key: string): string[] {
  return key
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

/** Keys whose values are digests or identities, which are as good as names. */
export function isDigestKey(key: string): boolean {
  return /(checksum|hash|digest|sha\d*|fingerprint|thumbprint|commit|revision|generation|uid|image|imageName)$/i.test(
    key,
  );
}
