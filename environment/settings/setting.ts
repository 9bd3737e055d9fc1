import { z } from "zod";

/** What a setting's schema says about itself, for error messages and for the reference page. */
export interface SettingNotes {
  /** One sentence: what it is for. */
  readonly description: string;
  /** A value that is right for somebody; error messages suggest it. */
  readonly example?: unknown;
  /** What is allowed, in words, where the schema's own limits do not say it. */
  readonly allowed?: string;
  /** What is used when it is not set, in words, where this depends on other settings. */
  readonly defaultText?: string;
  /** Where limits and default come from. */
  readonly source?: string;
  /** Never shown, in no message. */
  readonly secret?: boolean;
}

/** The unit of a number, as it stands in the setting's name. */
export type Unit =
  | "KiB"
  | "MiB"
  | "GiB"
  | "GB"
  | "days"
  | "minutes"
  | "seconds"
  | "ms"
  | "cores"
  | "users"
  | "connections"
  | "per second"
  | "per minute"
  | "messages";

interface NumberNotes extends SettingNotes {
  readonly min: number;
  readonly max: number;
  readonly unit?: Unit;
}

/** A whole number within limits. */
export function wholeNumber({ min, max, ...notes }: NumberNotes) {
  return z.int().min(min).max(max).meta(notes);
}

/** A number that may have a fraction, within limits. */
export function decimalNumber({ min, max, ...notes }: NumberNotes) {
  return z.number().min(min).max(max).meta(notes);
}

/** One of some words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words, notes: SettingNotes) {
  return z.enum(words).meta({ ...notes });
}

/** True or false. */
export function flag(notes: SettingNotes) {
  return z.boolean().meta({ ...notes });
}

/** Free text that a pattern limits; `allowed` says in words what the pattern means. */
export function text(pattern: RegExp, notes: SettingNotes & { readonly allowed: string; readonly maxLength?: number }) {
  const { maxLength = 253, ...rest } = notes;
  return z.string().max(maxLength).regex(pattern).meta(rest);
}

/** A list of texts. */
export function list<Item extends z.ZodType>(item: Item, min: number, notes: SettingNotes) {
  return z
    .array(item)
    .min(min)
    .max(64)
    .meta({ ...notes });
}
