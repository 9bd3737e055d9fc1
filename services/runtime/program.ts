import { jsonLog, messageOf } from "./log.ts";

/**
 * Runs a service until it ends or is told to: `node main.cjs <configuration file>`. When it throws, its log says why and the
 * process ends with 1.
 */
export function runProgram(name: string, main: (configurationFile: string, stop: AbortSignal) => Promise<void>): void {
  const [, , configurationFile] = process.argv;
  if (configurationFile === undefined) {
    process.stderr.write("usage: node main.cjs <configuration file>\n");
    process.exit(2);
  }
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort());
  main(configurationFile, stop.signal).then(
    () => process.exit(0),
    (error: unknown) => {
      jsonLog().error(`${name} stops`, { error: messageOf(error) });
      process.exit(1);
    },
  );
}
