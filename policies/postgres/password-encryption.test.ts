import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { passwordEncryption } from "./password-encryption.ts";
import { cluster } from "./testing.ts";

const stored = (password_encryption: string) => cluster({ postgresql: { parameters: { password_encryption } } });

describe("postgres-password-encryption", () => {
  itJudges(passwordEncryption, {
    passes: { SCRAM: stored("scram-sha-256"), "what PostgreSQL takes unasked": cluster({}) },
    fails: { MD5: [stored("md5"), 'password_encryption is "md5"'] },
    ignores: { "a database": object("Database", {}) },
    undecided: {
      "what is not known": withUnknown(stored(""), "spec.postgresql.parameters.password_encryption"),
    },
  });
});
