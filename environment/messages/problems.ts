import { CONFIG_NAMESPACE } from "../settings/index.ts";

/** One thing that is wrong with the settings. */
export interface Problem {
  /** Which setting, as a path below the configuration namespace, for example `im.media.maxUploadMiB`. */
  readonly path: string;
  /** What was given, as it may be shown; absent where nothing was. */
  readonly given?: string;
  /** What is allowed instead. */
  readonly allowed: string;
  /** What to do, as an instruction. */
  readonly remedy: string;
}

/** All that is wrong with the settings, in one error. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly problems: readonly Problem[];
  /** Makes Pulumi show the message alone, without stack and source text, as it does for its own `RunError`. */
  readonly __pulumiRunError = true;

  constructor(problems: readonly Problem[]) {
    const count = problems.length === 1 ? "1 setting is wrong" : `${problems.length} settings are wrong`;
    super(`${count}; nothing has been touched:\n${problems.map((each) => `  ${sentence(each)}`).join("\n")}`);
    this.problems = problems;
  }
}

/** The problem as one line of an error message. */
export function sentence({ path, given, allowed, remedy }: Problem): string {
  const name = `${CONFIG_NAMESPACE}:${path}`;
  return `${name}: ${given === undefined ? "not set" : `got ${given}`}; allowed: ${allowed}; ${remedy}`;
}
