import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { logsToStdout } from "./logs-to-stdout.ts";
import { logging, loggingPath, others } from "./testing.ts";

describe("observability-logs-to-stdout", () => {
  itJudges(logsToStdout, {
    passes: { "logs to the standard output": logging() },
    fails: {
      "logs to a file": [
        logging({ handlers: { file: { class: "logging.handlers.TimedRotatingFileHandler", filename: "/data/log" } } }),
        'the handler "file" writes to a file (logging.handlers.TimedRotatingFileHandler)',
      ],
    },
    ignores: others,
    undecided: { "a configuration that is not known": withUnknown(logging(), loggingPath) },
  });
});
