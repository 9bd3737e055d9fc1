import { logging } from "../config.ts";
import { exporterConfiguration, exporterFile } from "../exporter.ts";
import { properties } from "../properties.ts";
import type { WorkerArgs } from "./config.ts";
import { metricsRules, workerProperties } from "./config.ts";
import { paths } from "./names.ts";
import type { StartArgs } from "./start-script.ts";
import { files, startScript } from "./start-script.ts";

/** Everything that a worker reads, but for its certificates and the database's password. */
export function workerFiles(args: WorkerArgs & StartArgs): Readonly<Record<string, string>> {
  return {
    [files.start]: startScript(args),
    [files.worker]: workerProperties(args),
    [files.logging]: logging + quiet,
    [exporterFile]: exporterConfiguration(paths, metricsRules),
  };
}

/** It would tell of each request, and what is beside it asks every few seconds. */
const quiet = properties({
  "logger.rest.name": "org.apache.kafka.connect.runtime.rest.RestServer",
  "logger.rest.level": "WARN",
});
