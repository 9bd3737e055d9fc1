import { CONFIG_NAMESPACE, type sections } from "./settings/index.ts";

/** Settings as they came: texts have become numbers, flags, lists and objects, and nothing has been checked. */
export interface RawSettings {
  readonly raw: Readonly<Record<string, unknown>>;
  /** Top-level settings that hold a secret somewhere. */
  readonly secretKeys: ReadonlySet<string>;
}

/**
 * Takes the stack's settings out of Pulumi's configuration, in which every value is a text.
 *
 * @param config all of it, as `pulumi.runtime.allConfig()` gives it: `{"roost:users": "100", …}`
 * @param secretKeys names of those that hold a secret: `PULUMI_CONFIG_SECRET_KEYS`, a list in JSON
 */
export function readSettings(config: Readonly<Record<string, string>>, secretKeys = "[]"): RawSettings {
  const ours = Object.entries(config).flatMap(([key, value]): [string, string][] =>
    key.startsWith(`${CONFIG_NAMESPACE}:`) ? [[key.slice(CONFIG_NAMESPACE.length + 1), value]] : [],
  );
  return {
    raw: Object.fromEntries(ours.filter(isSet).map(([key, value]) => [key, parsed(key, value)])),
    secretKeys: new Set(parseList(secretKeys).map((key) => key.slice(key.indexOf(":") + 1))),
  };
}

/** Pulumi.yaml has to give a value for every setting that it describes, and there is none for the domain. */
function isSet([key, value]: [string, string]): boolean {
  return key !== "domain" || value !== "";
}

function parseList(text: string): string[] {
  const list: unknown = JSON.parse(text);
  return Array.isArray(list) ? list.filter((each) => typeof each === "string") : [];
}

const TEXTS: ReadonlySet<string> = new Set<keyof typeof sections>([
  "domain",
  "namespace",
  "availability",
  "protection",
]);
const NUMBERS: ReadonlySet<string> = new Set<keyof typeof sections>(["users"]);

/** What Pulumi makes of a date that stands in a settings file without quotes. */
const DATE_AS_TIME = /^(\d{4}-\d{2}-\d{2}) 00:00:00 \+0000 UTC$/;

/** What the text means; where it means nothing it stays a text, and the schema says what is wrong with it. */
function parsed(key: string, text: string): unknown {
  if (TEXTS.has(key)) return text;
  if (NUMBERS.has(key)) return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  try {
    return JSON.parse(text, (_, value) => (typeof value === "string" ? value.replace(DATE_AS_TIME, "$1") : value));
  } catch {
    return text;
  }
}
