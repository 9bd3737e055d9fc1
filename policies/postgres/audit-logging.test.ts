import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { auditLogging } from "./audit-logging.ts";
import { cluster } from "./testing.ts";

const logs = (parameters: Readonly<Record<string, string>>) => cluster({ postgresql: { parameters } });
const all = { log_connections: "on", log_disconnections: "on", log_statement: "ddl" };

describe("postgres-audit-logging", () => {
  itJudges(auditLogging, {
    passes: {
      "connections and changes of objects": logs(all),
      "an extension for it": logs({ ...all, log_statement: "none", "pgaudit.log": "ddl, role" }),
      "what version 18 can tell apart": logs({ ...all, log_connections: "authentication,authorization" }),
    },
    fails: {
      "what PostgreSQL does unasked": [
        cluster({}),
        "log_connections is off",
        "log_disconnections is off",
        "neither log_statement nor pgaudit.log",
      ],
      "an extension that looks at something else": [
        logs({ ...all, log_statement: "none", "pgaudit.log": "read" }),
        "neither log_statement nor pgaudit.log",
      ],
      "one that is off": [logs({ ...all, log_connections: "off" }), "log_connections is off"],
    },
    ignores: { "a database": object("Database", {}) },
    undecided: { "what is not known": withUnknown(logs(all), "spec.postgresql.parameters") },
  });
});
