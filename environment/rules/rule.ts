import type { Problem } from "../messages/problems.ts";
import { hidden, shown } from "../messages/wording.ts";
import type { Capacity } from "../settings/cluster.ts";
import type { Settings } from "../settings/index.ts";
import type { MatrixSettings } from "../settings/matrix.ts";

/** What rules need to know besides the settings. */
export interface Circumstances {
  readonly now: Date;
  /** What this machine has, where the embedded cluster runs on it. @default unknown: not compared */
  readonly machine?: Capacity;
  /** Whether a plan is refused that asks for more than there is. @default true */
  readonly mustFit?: boolean;
  /** The first two numbers of the embedded cluster's addresses, by ROOST_NETWORK. @default "10.213" */
  readonly network?: string | undefined;
  /** Paths of settings whose values are secret and not known here, so that nothing can be said about them. */
  readonly withheld: ReadonlySet<string>;
  /** Top-level settings that hold a secret somewhere. */
  readonly secretKeys: ReadonlySet<string>;
}

/** A rule between settings. It is asked only when the sections that it needs are well-formed. */
export type Rule = (settings: Partial<Settings>, circumstances: Circumstances) => Problem[];

export function rule<const Key extends keyof Settings>(
  needs: readonly Key[],
  check: (settings: Pick<Settings, Key>, circumstances: Circumstances) => Problem[],
): Rule {
  const complete = (settings: Partial<Settings>): settings is Partial<Settings> & Pick<Settings, Key> =>
    needs.every((key) => settings[key] !== undefined);
  return (settings, circumstances) => (complete(settings) ? check(settings, circumstances) : []);
}

/** The problem, if the condition holds; `value` is left undefined where the setting is not set. */
export function when(holds: boolean, path: string, value: unknown, allowed: string, remedy: string): Problem[] {
  return holds ? [{ path, ...(value !== undefined && { given: shown(value) }), allowed, remedy }] : [];
}

/** The text as it may be shown: hidden where its section holds a secret. */
export function textAt(path: string, text: string, { secretKeys }: Circumstances): string {
  return secretKeys.has(path.split(".")[0] ?? "") ? hidden(text) : shown(text);
}

/** The host names that the settings amount to. */
export function hostsOf(domain: string, { host, webHost }: MatrixSettings) {
  return { host: host ?? `matrix.${domain}`, webHost: webHost ?? `chat.${domain}` };
}
