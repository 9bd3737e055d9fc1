/** What went wrong, in one line: the client wraps what a broker says in errors about itself. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  const inner = error instanceof AggregateError ? error.errors : cause === undefined ? [] : [cause];
  const reasons = [...new Set(inner.map(reasonOf))].filter((reason) => reason !== message);
  return reasons.length === 0 ? message : `${message} ${reasons.join(" ")}`;
}
