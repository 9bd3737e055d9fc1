export type Fields = Readonly<Record<string, unknown>>;
export type Level = "info" | "warn" | "error";

/** Writes one JSON object a line, as log collectors read them. */
export interface Log {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** One change in Matrix: who, what, why, and what came of it. */
  audit(fields: Fields): void;
}

export function jsonLog(write: (line: string) => void = (line) => process.stdout.write(`${line}\n`)): Log {
  const line = (level: Level, kind: string, fields: Fields) =>
    write(JSON.stringify({ time: new Date().toISOString(), level, kind, ...fields }));
  const at =
    (level: Level) =>
    (message: string, fields: Fields = {}) =>
      line(level, "log", { message, ...fields });
  return {
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    audit: (fields) => line("info", "audit", fields),
  };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
