import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noAlterSystem } from "./no-alter-system.ts";
import { cluster } from "./testing.ts";

const allowed = (enableAlterSystem: boolean) => cluster({ postgresql: { enableAlterSystem } });

describe("postgres-no-alter-system", () => {
  itJudges(noAlterSystem, {
    passes: { "nothing said": cluster({}), no: allowed(false) },
    fails: { yes: [allowed(true), "ALTER SYSTEM is allowed"] },
    ignores: { "a database": object("Database", {}) },
    undecided: { "what is not known": withUnknown(allowed(false), "spec.postgresql.enableAlterSystem") },
  });
});
