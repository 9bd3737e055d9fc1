import type { Environment } from "./environment.ts";
import { complete } from "./environment.ts";
import { problemsOf } from "./messages/issues.ts";
import type { Problem } from "./messages/problems.ts";
import { SettingsError } from "./messages/problems.ts";
import type { RawSettings } from "./read.ts";
import type { Circumstances } from "./rules/index.ts";
import { rules } from "./rules/index.ts";
import type { Settings } from "./settings/index.ts";
import { sections, settingsSchema } from "./settings/index.ts";

/**
 * Turns what an operator has set into what it means.
 *
 * @param given the settings as `readSettings` gives them
 * @param circumstances the date, against which certificates are checked (@default now), what this machine has, and where
 *   the embedded cluster is
 * @throws SettingsError with everything that is wrong
 */
export function parseEnvironment(given: RawSettings, circumstances: Partial<Circumstances> = {}): Environment {
  const parsed = settingsSchema.safeParse(given.raw);
  const issues = parsed.success ? [] : parsed.error.issues;
  const wellFormed = parsed.success ? parsed.data : wellFormedSections(given.raw);
  const known = { now: new Date(), withheld: new Set<string>(), secretKeys: given.secretKeys, ...circumstances };
  const problems = [
    ...issues.flatMap((issue) => problemsOf(issue, given)),
    ...rules.flatMap((rule) => rule(wellFormed, known)),
  ];
  if (problems.length > 0) throw new SettingsError(inOrder(problems));
  if (!parsed.success) throw parsed.error;
  const { im, ...others } = parsed.data;
  if (im.engine !== "matrix") throw new Error(`no component deploys ${im.engine}, and no rule has refused it`);
  return complete({ ...others, im }, known.network);
}

/** The sections that can be judged although others cannot. */
function wellFormedSections(raw: RawSettings["raw"]): Partial<Settings> {
  const read = Object.entries(sections).map(([name, schema]) => [name, schema.safeParse(raw[name])] as const);
  // Each is what its own schema gives, which the types of entries do not tell.
  return Object.fromEntries(read.flatMap(([name, { success, data }]) => (success ? [[name, data]] : [])));
}

/** In the order of the reference page, so that messages are the same every time. */
function inOrder(problems: readonly Problem[]): Problem[] {
  const names = Object.keys(sections);
  const place = ({ path }: Problem) =>
    (names.indexOf(path.split(".")[0] ?? "") + names.length + 1) % (names.length + 1);
  return [...problems].sort((a, b) => place(a) - place(b));
}
