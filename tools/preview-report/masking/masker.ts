/**
 * What must not be seen is replaced where the events come in, so that nothing behind can leak it: hidden values become
 * {@link Secret}, hidden pieces of texts become `[masked 1]`. The same secret has the same number throughout a report: a
 * reader sees that it changed, or stands in two places, and never what it is.
 */
import { looksRandom } from "../../../policies/pack/recognise/looks-random.ts";
import {
  assignment,
  flag,
  type Pattern,
  patterns,
  placeholder,
  publicToken,
  settingsIn,
  standIn,
  token,
} from "../../../policies/pack/recognise/patterns.ts";
import { isDigestKey, isSensitiveKey } from "../../../policies/pack/recognise/sensitive-key.ts";
import { Secret, type Tree, unknown, type Value } from "../value.ts";

/** Marks of the engine's serialisation. Source: `sdk/go/common/resource/sig/sig.go` of pulumi/pulumi. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
/** Source: `computedValuePlaceholder` in `pkg/resource/stack/deployment.go`. */
const UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** What the engine's own filter leaves of a secret. */
const BLINDED = "[secret]";

/** Shorter secrets are hidden where they stand, but not looked for elsewhere: they would blot out words. */
const MIN_KNOWN = 8;

/** Where a value stands. */
interface Place {
  readonly key: string;
  /** Whether what stands here is secret. */
  readonly hidden: boolean;
  /** Whether a name says so: it is then looked for everywhere else. What else lies in a Secret may be as plain as a user's name. */
  readonly named: boolean;
  /** The part of a Kubernetes Secret that it lies in: everything there is secret. */
  readonly within?: SecretPart;
}

type SecretPart = "data" | "stringData";

export class Masker {
  private readonly numbers = new Map<string, number>();
  private readonly known = new Set<string>();
  /** Known secrets, longest first, as one expression; made when it is first needed. */
  private search: RegExp | undefined;

  /** Looks through values for secrets, which are then found in every other text too. */
  learn(type: string, properties: object): void {
    this.properties(type, properties);
  }

  /** A resource's inputs or outputs. */
  properties(type: string, properties: object): Tree {
    const isSecret = /^kubernetes:core\/v1:Secret(Patch)?$/.test(type);
    return Object.fromEntries(
      Object.entries(properties).map(([key, value]): [string, Value] => {
        const named = isSensitiveKey(key);
        const within = isSecret && isSecretPart(key) ? { within: key, hidden: true } : { hidden: named };
        return [this.text(key), this.value(value, { key, named, ...within })];
      }),
    );
  }

  /** A text from anywhere: a message, a name, a key. */
  text(text: string): string {
    if (text.length < 4) return text;
    let masked = this.withoutKnown(text);
    for (const pattern of patterns) masked = this.withoutPattern(masked, pattern);
    for (const notation of [assignment, flag]) masked = this.withoutSettings(masked, notation);
    return this.withoutRandom(masked);
  }

  private value(value: unknown, place: Place): Value {
    if (value === null || value === undefined) return null;
    if (value === UNKNOWN_VALUE) return unknown;
    if (value === BLINDED) return new Secret();
    if (typeof value === "string") return this.textAt(value, place);
    if (typeof value === "number") return place.hidden ? this.hide(`${value}`, place) : value;
    if (typeof value === "boolean") return value;
    if (Array.isArray(value)) return this.list(value, place);
    return isObject(value) ? this.tree(value, place) : null;
  }

  private textAt(text: string, place: Place): Value {
    if (text === "") return text;
    if (place.hidden && !placeholder.test(text)) {
      return this.hide(place.within === "data" ? decoded(text) : text, place);
    }
    return isDigestKey(place.key) ? this.identity(text) : this.text(text);
  }

  /** A digest, a commit, or an image whose tag is a commit. */
  private identity(text: string): string {
    const [, before, tag = "", digest = ""] = /^(?:(.+):)?([0-9a-f]{7,128})(@sha256:[0-9a-f]{64})?$/.exec(text) ?? [];
    if (tag === "" || this.withoutKnown(tag) !== tag) return this.text(text);
    return `${before === undefined ? "" : `${this.text(before)}:`}${tag}${digest}`;
  }

  private list(items: readonly unknown[], place: Place): Value {
    return items.map((item, index) => {
      const before: unknown = items[index - 1];
      const isArgument = typeof before === "string" && /^--?[\w-]+$/.test(before) && isSensitiveKey(before);
      const isFlag = typeof item === "string" && item.startsWith("-");
      const named = isArgument && !isFlag;
      return this.value(item, { ...place, hidden: place.hidden || named, named: place.named || named });
    });
  }

  private tree(tree: Readonly<Record<string, unknown>>, place: Place): Value {
    if (tree[SIGNATURE] === SECRET_SIGNATURE) return this.marked(tree.plaintext);
    // As in an environment variable: `{ name: "DB_PASSWORD", value: "…" }`.
    const isNamed = [tree.name, tree.key].some((name) => typeof name === "string" && isSensitiveKey(name));
    return Object.fromEntries(
      Object.entries(tree)
        .filter(([key]) => key !== SIGNATURE)
        .map(([key, value]) => {
          const isValue = /^(value|text|plain|literal|content)$/i.test(key);
          const named = isSensitiveKey(key) || (isValue && (isNamed || place.named));
          return [
            this.text(key),
            this.value(value, { ...place, key, hidden: named || place.within !== undefined, named }),
          ];
        }),
    );
  }

  /** A value that the engine marks as secret; its plain text is there only where somebody asked the engine for it. */
  private marked(plaintext: unknown): Secret {
    if (typeof plaintext !== "string") return new Secret();
    for (const text of textsIn(parsed(plaintext))) this.remember(text, true);
    return new Secret(this.number(plaintext));
  }

  private hide(plain: string, { named }: Place): Secret {
    this.remember(plain, named);
    return new Secret(this.number(plain));
  }

  private remember(plain: string, isNamedSecret: boolean): void {
    const looksLikeOne =
      looksRandom(plain) || patterns.some(({ pattern, label }) => label === undefined && plain.search(pattern) >= 0);
    // A password that is a plain word is a word in many other places.
    const isTelling = isNamedSecret && plain.length >= MIN_KNOWN && (plain.length >= 16 || !/^[a-z]+$/.test(plain));
    if ((!looksLikeOne && !isTelling) || this.known.has(plain)) return;
    this.known.add(plain);
    this.search = undefined;
  }

  private number(plain: string): number {
    const number = this.numbers.get(plain) ?? this.numbers.size + 1;
    this.numbers.set(plain, number);
    return number;
  }

  private standIn(plain: string, label = "masked"): string {
    return `[${label} ${this.number(plain)}]`;
  }

  private withoutKnown(text: string): string {
    if (this.known.size === 0) return text;
    this.search ??= new RegExp(
      [...this.known]
        .flatMap((plain) => [plain, Buffer.from(plain).toString("base64")])
        .sort((one, other) => other.length - one.length)
        .map((plain) => plain.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
        .join("|"),
      "g",
    );
    return text.replace(this.search, (found) => this.standIn(this.known.has(found) ? found : decoded(found)));
  }

  private withoutPattern(text: string, { pattern, label }: Pattern): string {
    return text.replace(pattern, (...found) => {
      const groups: unknown = found.at(-1);
      const [whole] = found;
      const secret: unknown = isObject(groups) ? groups.secret : undefined;
      if (typeof secret !== "string") return this.standIn(whole, label);
      if (standIn.test(secret) || placeholder.test(secret)) return whole;
      const index = whole.lastIndexOf(secret);
      return whole.slice(0, index) + this.standIn(secret) + whole.slice(index + secret.length);
    });
  }

  private withoutSettings(text: string, notation: RegExp): string {
    let masked = "";
    let end = 0;
    for (const { name, value, index } of settingsIn(text, notation)) {
      const [, quote = "", plain = ""] = /^(["']?)(.*)\1$/s.exec(value) ?? [];
      if (index < end || !isSensitiveKey(name) || isType(name, value)) continue;
      if (standIn.test(plain) || plain === "" || placeholder.test(plain)) continue;
      this.remember(plain, true);
      masked += text.slice(end, index) + quote + this.standIn(plain) + quote;
      end = index + value.length;
    }
    return masked + text.slice(end);
  }

  private withoutRandom(text: string): string {
    let masked = "";
    let end = 0;
    for (const found of text.matchAll(publicToken)) {
      masked += this.withoutTokens(text.slice(end, found.index)) + found[0];
      end = found.index + found[0].length;
    }
    return masked + this.withoutTokens(text.slice(end));
  }

  private withoutTokens(text: string): string {
    return text.replace(token, (found, offset: number) => {
      const [, name = ""] = /([\w.-]+)["']?\s*[:=]\s*["']?$/.exec(text.slice(Math.max(0, offset - 80), offset)) ?? [];
      const isDigest = /^[0-9a-f]+$/.test(found) && isDigestKey(name);
      if (isDigest || !(looksRandom(found) || this.hidesInBase64(found))) return found;
      return this.standIn(found);
    });
  }

  /** Whether it is a text in base64 that would not be shown as it is. */
  private hidesInBase64(found: string): boolean {
    if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(found)) return false;
    const plain = decoded(found);
    return isText(plain) && this.text(plain) !== plain;
  }
}

/** `randomPassword:RandomPassword`, as in the types and URNs of resources: a name, and no setting. */
function isType(name: string, value: string): boolean {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  return value === type || value.startsWith(`${type}::`) || value.startsWith(`${type}$`);
}

function isSecretPart(key: string): key is SecretPart {
  return key === "data" || key === "stringData";
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}

/** Bytes that are no UTF-8 become replacement characters. */
function isText(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no text has them
  return !/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text);
}

/** What the engine encrypts is JSON. */
function parsed(plaintext: string): unknown {
  try {
    return JSON.parse(plaintext);
  } catch {
    return plaintext;
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
