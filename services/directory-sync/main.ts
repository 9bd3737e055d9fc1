import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { jsonLog } from "../runtime/log.ts";
import { runProgram } from "../runtime/program.ts";
import { startServer } from "../runtime/server.ts";
import { readConfiguration } from "./configuration.ts";
import { LeaseLeadership, leaseApi } from "./leadership.ts";
import { createMetrics } from "./metrics.ts";
import { runService } from "./service.ts";

/** Time without a step after which something hangs: longer than a comparison with all that may be retried in it. */
const STUCK_MS = 15 * 60_000;

runProgram("directory-sync", async (configurationFile, stop) => {
  const configuration = readConfiguration(configurationFile);
  const log = jsonLog();
  const metrics = createMetrics();
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
  await runService({ configuration, leadership, log, metrics, alive }, stop);
  server.close();
  server.closeAllConnections();
});
