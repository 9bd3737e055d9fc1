/** What was changed, told as it happens: a line of JSON each, for whoever reads the logs. */
export class Changes {
  count = 0;
  private readonly write: (line: string) => void;

  constructor(write: (line: string) => void = (line) => void process.stdout.write(`${line}\n`)) {
    this.write = write;
  }

  /** @param what the kind of thing and its name, @param parts what differed; never a value */
  tell(action: "made" | "restored" | "removed", what: string, parts: readonly string[] = []): void {
    this.count += 1;
    this.write(JSON.stringify({ level: "info", event: `realm ${action}`, what, ...(parts.length > 0 && { parts }) }));
  }
}
