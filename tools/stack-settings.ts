import { parse } from "yaml";

export interface StackSettings {
  /** Values by key, as Pulumi gives them to a program: every value is a text. */
  readonly config: Readonly<Record<string, string>>;
  /** Paths, below the project's namespace, of values that are encrypted and stay unknown. */
  readonly withheld: ReadonlySet<string>;
}

/** Stands for a secret that cannot be read without the stack's passphrase; it has the form that a PEM setting wants. */
const UNKNOWN = ["CERTIFICATE", "PRIVATE KEY"]
  .map((label) => `-----BEGIN ${label}-----\nAA==\n-----END ${label}-----`)
  .join("\n");

/** Reads a stack's settings file as the engine does, but for what is encrypted in it. */
export function stackSettings(text: string): StackSettings {
  const document: unknown = parse(text);
  const config = isRecord(document) && isRecord(document.config) ? document.config : {};
  const withheld = new Set<string>();
  const values = Object.entries(config).map(([key, value]) => {
    const known = withoutSecrets(value, key.slice(key.indexOf(":") + 1), withheld);
    return [key, typeof known === "object" ? JSON.stringify(known) : String(known)];
  });
  return { config: Object.fromEntries(values), withheld };
}

function withoutSecrets(value: unknown, path: string, withheld: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((each, at) => withoutSecrets(each, `${path}.${at}`, withheld));
  if (!isRecord(value)) return value;
  if (typeof value.secure === "string" && Object.keys(value).length === 1) {
    withheld.add(path);
    return UNKNOWN;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, withoutSecrets(each, `${path}.${key}`, withheld)]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
