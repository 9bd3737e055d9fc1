import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { noDebugLogs } from "./no-debug-logs.ts";
import { logging, loggingPath, others } from "./testing.ts";

describe("observability-no-debug-logs", () => {
  const sql = (level: string | number) => logging({ loggers: { "synapse.storage.SQL": { level } } });

  itJudges(noDebugLogs, {
    passes: {
      "logs of what happens": logging(),
      "logs of what is wrong": sql("WARNING"),
      "levels by number": sql(20),
      "loggers that have the level of others": logging({ loggers: { synapse: {} }, root: undefined }),
    },
    fails: {
      "logs of all programs": [logging({ root: { level: "DEBUG" } }), 'the logger "root" has the level DEBUG'],
      "logs of queries": [sql("debug"), 'the logger "synapse.storage.SQL" has the level debug'],
      "logs by number": [sql(10), "has the level 10"],
    },
    ignores: others,
    undecided: { "a configuration that is not known": withUnknown(logging(), loggingPath) },
  });
});
