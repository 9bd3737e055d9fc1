/** No secret that the state holds may get into a report: messages of rules may quote what they found. */
import { looksRandom } from "../../policies/pack/recognise/looks-random.ts";
import { Masker } from "../preview-report/masking/masker.ts";
import type { ExportedState } from "./state.ts";

/** Shorter ones are in any text: nobody could say that they were hidden. */
const MIN_LENGTH = 4;
/** Shorter ones are hidden where they stand alone, so that they do not blot out parts of words. */
const MIN_ANYWHERE = 8;

export type Mask = (text: string) => string;

/** Hides what the state marks as secret, and whatever else looks like a secret. */
export function maskFor(state: ExportedState): Mask {
  const masker = new Masker();
  for (const { alone, raw } of state.resources) {
    masker.learn(alone.type, raw.inputs);
    masker.learn(alone.type, raw.outputs);
  }
  const withoutKnown = known(state.secrets.texts, namesIn(state));
  return (text) => masker.text(withoutKnown(text));
}

/**
 * Names that the report shows anyway. A user called as its service is, which a Secret holds too, would otherwise blot out
 * the service.
 */
function namesIn({ project, stack, resources }: ExportedState): ReadonlySet<string> {
  return new Set([project, stack, ...resources.map(({ alone }) => alone.name).filter((name) => !looksRandom(name))]);
}

function known(secrets: ReadonlySet<string>, names: ReadonlySet<string>): Mask {
  const numbers = new Map<string, number>();
  for (const secret of [...secrets].sort()) {
    for (const form of formsOf(secret)) {
      if (form.length < MIN_LENGTH || names.has(form) || numbers.has(form)) continue;
      numbers.set(form, numbers.get(secret) ?? numbers.size + 1);
    }
  }
  if (numbers.size === 0) return (text) => text;
  const longestFirst = [...numbers.keys()].sort((one, other) => other.length - one.length);
  const search = new RegExp(longestFirst.map(expression).join("|"), "g");
  return (text) => text.replace(search, (found) => `[secret ${numbers.get(found)}]`);
}

/** A secret as it may be quoted: itself, each of its lines, in base64 or out of it, and escaped. */
function formsOf(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const plain = [
    secret,
    secret.trim(),
    ...(lines.length > 1 ? lines.filter((line) => line.length >= MIN_ANYWHERE) : []),
  ];
  const decoded = Buffer.from(secret, "base64");
  if (decoded.length > 0 && decoded.toString("base64") === secret) plain.push(decoded.toString());
  return plain.flatMap((text) => [
    text,
    Buffer.from(text).toString("base64"),
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text.toWellFormed()),
  ]);
}

function expression(text: string): string {
  const literal = text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.length >= MIN_ANYWHERE ? literal : `(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])`;
}
