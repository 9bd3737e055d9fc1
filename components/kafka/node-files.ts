import type { ConfigurationArgs } from "./config.ts";
import { clientProperties, logging, metricsRules, serverProperties } from "./config.ts";
import { exporterConfiguration } from "./exporter.ts";
import { paths } from "./names.ts";
import { files, startScript } from "./start-script.ts";

/** Everything that a node reads, but for its certificate and the id of its cluster. */
export function nodeFiles(args: ConfigurationArgs): Readonly<Record<string, string>> {
  return {
    [files.start]: startScript(args),
    [files.server]: serverProperties(args),
    [files.client]: clientProperties,
    [files.logging]: logging,
    [files.metrics]: exporterConfiguration(paths, metricsRules),
  };
}
