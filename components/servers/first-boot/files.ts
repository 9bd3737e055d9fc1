/** A file that first boot leaves on a machine. */
export interface HostFile {
  /** Absolute path. */
  readonly path: string;
  readonly content: string;
  /** Octal. @default "0644" */
  readonly mode?: string;
  /** Whether the content must not be shown in reports and diffs. @default false */
  readonly secret?: boolean;
}

/** What one concern, such as time or the audit log, adds to a machine. */
export interface Part {
  readonly files?: readonly HostFile[];
  /** Names of the distribution's packages. */
  readonly packages?: readonly string[];
  /** Units that are enabled and started, or restarted, once all files and packages are there. */
  readonly units?: readonly string[];
  /** Units that packages bring and that must never run. */
  readonly masked?: readonly string[];
}

/** Several parts as one: in the order given, and whatever several of them ask for only once. */
export function combined(...parts: readonly Part[]): Required<Part> {
  return {
    files: parts.flatMap(({ files = [] }) => files),
    packages: [...new Set(parts.flatMap(({ packages = [] }) => packages))],
    units: [...new Set(parts.flatMap(({ units = [] }) => units))],
    masked: [...new Set(parts.flatMap(({ masked = [] }) => masked))],
  };
}

/** The first line of every file that people may be tempted to change. */
export const WRITTEN = "# Written from roost:servers: changes here are lost.";

/** A configuration file: the note on where it comes from, then these lines. */
export function configuration(path: string, lines: readonly string[]): HostFile {
  return { path, content: `${[WRITTEN, ...lines].join("\n")}\n` };
}
