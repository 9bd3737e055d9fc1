import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noSuperuserAccess } from "./no-superuser-access.ts";
import { cluster } from "./testing.ts";

describe("postgres-no-superuser-access", () => {
  itJudges(noSuperuserAccess, {
    passes: { "nothing said": cluster({}), "no access": cluster({ enableSuperuserAccess: false }) },
    fails: {
      "a password": [cluster({ enableSuperuserAccess: true }), "the superuser has a password"],
      "a Secret that waits for being switched on": [
        cluster({ superuserSecret: { name: "pg-superuser" } }),
        'the Secret "pg-superuser" is meant for the superuser',
      ],
    },
    ignores: { "a database": object("Database", {}) },
    undecided: {
      "what is not known": withUnknown(cluster({ enableSuperuserAccess: false }), "spec.enableSuperuserAccess"),
    },
  });
});
