import type { Rule } from "../pack/rule.ts";
import { edgeAccessLog } from "./edge-access-log.ts";
import { homeserverMetrics } from "./homeserver-metrics.ts";
import { logsToStdout } from "./logs-to-stdout.ts";
import { noDebugLogs } from "./no-debug-logs.ts";
import { noQueriesInLogs } from "./no-queries-in-logs.ts";
import { scrape } from "./scrape.ts";

export const observability: readonly Rule[] = [
  edgeAccessLog,
  homeserverMetrics,
  logsToStdout,
  noDebugLogs,
  noQueriesInLogs,
  scrape,
];
