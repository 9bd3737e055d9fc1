/**
 * One word of an HAProxy configuration line, whatever it contains.
 * @source https://docs.haproxy.org/3.0/configuration.html#2.2
 */
export function quoted(text: string): string {
  return `"${text.replace(/[\\"$]/g, "\\$&")}"`;
}

/** As {@link quoted}, where HAProxy would take `%` for the beginning of a log-format expression. */
export function quotedFormat(text: string): string {
  return quoted(text.replaceAll("%", "%%"));
}

/** Listens on all addresses; on those of IPv6 where the shell has found that there are any. */
export function binds(port: number, options: string): string[] {
  return [
    `bind :${port} ${options}`.trimEnd(),
    ".if defined(ROOST_IPV6)",
    `bind :::${port} v6only ${options}`.trimEnd(),
    ".endif",
  ];
}
