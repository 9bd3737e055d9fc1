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
        const within = isSecret && isSecretPart(key) ? { within: key, hidden: true } : { hidden: isSensitiveKey(key) };
        return [this.text(key), this.value(value, { key, ...within })];
      }),
    );
  }

  /** A text from anywhere: a message, a name, a key. */
  text(text: string): string {
    if (text.length < 4) return text;
    let masked = this.withoutKnown(text);
    for (const pattern of patterns) masked = this.withoutPattern(masked, pattern);
    masked = this.withoutSettings(masked);
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
      return this.value(item, { ...place, hidden: place.hidden || (isArgument && !isFlag) });
    });
  }

  private tree(tree: Readonly<Record<string, unknown>>, place: Place): Value {
    if (tree[SIGNATURE] === SECRET_SIGNATURE) return new Secret();
    // As in an environment variable: `{ name: "DB_PASSWORD", value: "…" }`.
    const isNamed = [tree.name, tree.key].some((name) => typeof name === "string" && isSensitiveKey(name));
    return Object.fromEntries(
      Object.entries(tree)
        .filter(([key]) => key !== SIGNATURE)
        .map(([key, value]) => {
          const isValue = /^(value|text|plain|literal|content)$/i.test(key);
          const hidden = place.within !== undefined || isSensitiveKey(key) || (isValue && (isNamed || place.hidden));
          return [this.text(key), this.value(value, { ...place, key, hidden })];
        }),
    );
  }

  private hide(plain: string, { key }: Place): Secret {
    this.remember(plain, isSensitiveKey(key));
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

  private withoutSettings(text: string): string {
    const replace = (whole: string, { name = "", value = "" }: Readonly<Record<string, string>>) => {
      const [, quote = "", plain = ""] = /^(["']?)(.*)\1$/s.exec(value) ?? [];
      if (!isSensitiveKey(name) || standIn.test(plain) || plain === "" || placeholder.test(plain)) return whole;
      this.remember(plain, true);
      return whole.slice(0, whole.length - value.length) + quote + this.standIn(plain) + quote;
    };
    return text
      .replace(assignment, (whole, ...rest) => replace(whole, rest.at(-1)))
      .replace(flag, (whole, ...rest) => replace(whole, rest.at(-1)));
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
      return isDigest || !looksRandom(found) ? found : this.standIn(found);
    });
  }
}

function isSecretPart(key: string): key is SecretPart {
  return key === "data" || key === "stringData";
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
