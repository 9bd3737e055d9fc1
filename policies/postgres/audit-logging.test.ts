import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { auditLogging } from "./audit-logging.ts";
import { cluster } from "./testing.ts";

const logs = (parameters: Readonly<Record<string, string>>) => cluster({ postgresql: { parameters } });
const all = { "pgaudit.log": "ddl, role" };

describe("postgres-audit-logging", () => {
  itJudges(auditLogging, {
    passes: {
      "changes of tables and roles": logs(all),
      "statements that are said not to be logged": logs({ ...all, log_statement: "none" }),
    },
    fails: {
      "what PostgreSQL does unasked": [cluster({}), "pgaudit.log does not record"],
      "an extension that looks at something else": [
        logs({ ...all, "pgaudit.log": "read" }),
        "pgaudit.log does not record",
      ],
      "a log of statements, in which passwords are": [
        logs({ ...all, log_statement: "ddl" }),
        "log_statement is ddl: passwords get into the log",
      ],
    },
    ignores: { "a database": object("Database", {}) },
    undecided: { "what is not known": withUnknown(logs(all), "spec.postgresql.parameters") },
  });
});
