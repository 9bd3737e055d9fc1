/** Pure: what somebody looks for in the logs, as Loki is asked for it. */

export interface Wanted {
  /** Part of the environment, such as `synapse`. @default all */
  readonly component?: string | undefined;
  readonly pod?: string | undefined;
  readonly level?: string | undefined;
  /** The name that somebody signs in by, or the whole identifier (`@ada:example.org`). */
  readonly user?: string | undefined;
  /** Identifier of a request, as the edge gave it and logs it. */
  readonly request?: string | undefined;
  /** Text that the line has. */
  readonly text?: string | undefined;
}

const LEVELS = ["debug", "info", "warn", "error"];

/**
 * LogQL for the lines that are wanted.
 * @source https://grafana.com/docs/loki/latest/query/log_queries/
 */
export function logQuery({ component, pod, level, user, request, text }: Wanted): string {
  if (level !== undefined && !LEVELS.includes(level))
    throw new Error(`--level is ${level}; allowed is one of ${LEVELS.join(", ")}`);
  const labels = Object.entries({ component, pod, level }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${quoted(value)}`],
  );
  // At least one label must be asked for.
  const stream = labels.length > 0 ? labels : ['namespace=~".+"'];
  return [
    `{${stream.join(", ")}}`,
    ...(text === undefined ? [] : [`|= ${quoted(text)}`]),
    ...(request === undefined ? [] : [`| request=${quoted(request)}`]),
    ...(user === undefined ? [] : [`| user=~${quoted(userPattern(user))}`]),
  ].join(" ");
}

/** The same person is `ada` where people sign in, and `@ada:example.org` in the homeserver. */
function userPattern(user: string): string {
  const name = user.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return user.startsWith("@") && user.includes(":") ? name : `@?${name.replace(/^@/, "")}(:.*)?`;
}

/** LogQL has the strings of Go. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A moment, from `15m`, `6h`, `3d` ago, or a date. In milliseconds. */
export function momentOf(option: string, text: string, nowMs: number): number {
  const [, count, unit = ""] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return nowMs - Number(count) * (UNIT_SECONDS[unit] ?? 0) * 1000;
  const moment = /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(moment)) return moment;
  throw new Error(`--${option} is ${text}; write how long ago (30m, 6h, 3d), or a moment (2026-01-31T08:00:00Z)`);
}
