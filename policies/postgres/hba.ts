/** Lines of `pg_hba.conf`: who may connect from where, and how they prove who they are. */

export interface HbaLine {
  readonly text: string;
  /** `local`, `host`, `hostssl`, `hostnossl`, `hostgssenc` or `hostnogssenc`. */
  readonly type: string;
  readonly databases: string;
  readonly users: string;
  /** Empty for local ones. */
  readonly address: string;
  readonly method: string;
}

/** @source https://www.postgresql.org/docs/17/auth-pg-hba-conf.html */
export function hbaLines(lines: readonly string[]): readonly HbaLine[] {
  return lines.flatMap((text) => {
    const words = [...text.replace(/#.*/, "").matchAll(/"[^"]*"|\S+/g)].map(([word]) => word.replace(/^"(.*)"$/, "$1"));
    const [type = "", databases = "", users = "", ...rest] = words;
    if (type === "") return [];
    const [address = "", ...after] = type === "local" ? ["", ...rest] : rest;
    // An address may be followed by its mask as a word of its own.
    const isMask = /^[\d.]+$|^[\da-f:]+$/i.test(after[0] ?? "") && /[.:]/.test(after[0] ?? "");
    return [{ text: text.trim(), type, databases, users, address, method: after[isMask ? 1 : 0] ?? "" }];
  });
}

/** Whether a connection without TLS may be what the line is about. */
export function isAboutPlain({ type }: HbaLine): boolean {
  return ["host", "hostnossl", "hostnogssenc"].includes(type);
}

/** Whether the line refuses everybody who comes without TLS, so that what comes after is not looked at for them. */
export function rejectsPlain(line: HbaLine): boolean {
  return (
    isAboutPlain(line) &&
    line.type !== "hostnogssenc" &&
    [line.databases, line.users, line.address].every((field) => field === "all") &&
    line.method === "reject"
  );
}
