import { loggingRule } from "./logging-files.ts";

/** Levels that tell more than what happened: names, and the numbers behind them. */
const debugging = ["DEBUG", "NOTSET"];
const INFO = 20;

export const noDebugLogs = loggingRule({
  id: "observability-no-debug-logs",
  title: "No program logs for debugging",
  why: "At that level Synapse logs its queries, with people's access tokens and what they write in them. Logs are read by more people than the database, and are kept longer.",
  fix: "Set the level to INFO or above; lower it by hand for as long as something is looked for, and remove what was logged.",
  severity: "high",
  controls: { iso: ["A.5.34", "A.8.12"], gbt: ["8.1.4.11 b)"] },
  check({ loggers, root }, report) {
    for (const [name, { level }] of Object.entries({ ...loggers, ...(root && { root }) })) {
      const isDebug = typeof level === "number" ? level < INFO : debugging.includes(level?.toUpperCase() ?? "");
      if (isDebug) report(`the logger "${name}" has the level ${level}`);
    }
  },
});
