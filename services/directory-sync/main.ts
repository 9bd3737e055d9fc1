/** `node main.cjs <configuration file>` */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { readConfiguration } from "./configuration.ts";
import { LeaseLeadership, leaseApi } from "./leadership.ts";
import { jsonLog, messageOf } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { startServer } from "./server.ts";
import { runService } from "./service.ts";

/** Time without a step after which something hangs: longer than a comparison with all that may be retried in it. */
const STUCK_MS = 15 * 60_000;

async function main(path: string): Promise<void> {
  const configuration = readConfiguration(path);
  const log = jsonLog();
  const metrics = createMetrics();
  const stop = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => stop.abort());
  const identity = `${hostname()}_${randomUUID()}`;
  const leadership = new LeaseLeadership(leaseApi(configuration.lease), identity, log);
  let step = performance.now();
  const alive = () => {
    step = performance.now();
  };
  const server = await startServer({
    ...configuration.server,
    registry: metrics.registry,
    // On standby there are no steps, and nothing that could hang.
    isAlive: () => !leadership.isLeading || performance.now() - step < STUCK_MS,
  });
  await runService({ configuration, leadership, log, metrics, alive }, stop.signal);
  server.close();
  server.closeAllConnections();
}

const [, , path] = process.argv;
if (path === undefined) {
  process.stderr.write("usage: node main.cjs <configuration file>\n");
  process.exit(2);
}
main(path).then(
  () => process.exit(0),
  (error: unknown) => {
    jsonLog().error("directory-sync stops", { error: messageOf(error) });
    process.exit(1);
  },
);
