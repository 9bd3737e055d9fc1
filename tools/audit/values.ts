/** Property values as a state holds them: secrets, and what was not known, are marked. */
import { Unknown } from "../../policies/pack/undecided.ts";

/** Marks of the engine's serialisation. Source: `sdk/go/common/resource/sig/sig.go` of pulumi/pulumi. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
/** Source: `computedValuePlaceholder` in `pkg/resource/stack/deployment.go`. */
const UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const ENCRYPTED = "it is encrypted in the state";
const NOT_LEARNT = "the engine had not learnt it when it wrote the state";

/** What is found out about secrets on the way. */
export class SecretsSeen {
  encrypted = 0;
  shown = 0;
  /** Every text that is marked as secret and stands there in the clear. */
  readonly texts = new Set<string>();
}

/** The value that rules may read. What cannot be read becomes an {@link Unknown}, which says why. */
export function readable(value: unknown, seen: SecretsSeen): unknown {
  if (value === UNKNOWN_VALUE) return new Unknown(NOT_LEARNT);
  if (Array.isArray(value)) return value.map((item) => readable(item, seen));
  if (!isObject(value)) return value;
  if (value[SIGNATURE] === SECRET_SIGNATURE) return secret(value, seen);
  return Object.fromEntries(
    Object.entries(value)
      // What else has a signature is an asset, an archive or a reference, and reads as it is.
      .filter(([key]) => key !== SIGNATURE)
      .map(([key, each]) => [key, readable(each, seen)]),
  );
}

function secret({ plaintext }: Readonly<Record<string, unknown>>, seen: SecretsSeen): unknown {
  if (typeof plaintext !== "string") {
    seen.encrypted += 1;
    return new Unknown(ENCRYPTED);
  }
  seen.shown += 1;
  const value = readable(parsed(plaintext), seen);
  remember(value, seen);
  return value;
}

/** The engine writes what is secret as JSON in a text. */
function parsed(plaintext: string): unknown {
  try {
    return JSON.parse(plaintext);
  } catch {
    return plaintext;
  }
}

function remember(value: unknown, seen: SecretsSeen): void {
  if (typeof value === "string") seen.texts.add(value);
  else if (typeof value === "number") seen.texts.add(`${value}`);
  else if (Array.isArray(value)) for (const item of value) remember(item, seen);
  else if (isObject(value)) for (const each of Object.values(value)) remember(each, seen);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
