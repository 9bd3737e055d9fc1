import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { dataChecksums } from "./data-checksums.ts";
import { cluster } from "./testing.ts";

const made = (dataChecksums: boolean) => cluster({ bootstrap: { initdb: { dataChecksums } } });

describe("postgres-data-checksums", () => {
  itJudges(dataChecksums, {
    passes: {
      checksums: made(true),
      "a version that has them unasked": cluster({ imageName: "postgres:18" }),
      "what is restored, with what it had": cluster({ bootstrap: { recovery: {} } }),
      "what is copied": cluster({ bootstrap: { pg_basebackup: {} } }),
    },
    fails: {
      none: [made(false), "the cluster is made without checksums of its data"],
      "nothing said": [cluster({ imageName: "postgres:17" }), "without checksums"],
      "none, though they would be there unasked": [
        cluster({ imageName: "postgres:18", bootstrap: { initdb: { dataChecksums: false } } }),
        "without checksums",
      ],
    },
    ignores: { "a database": object("Database", {}) },
    undecided: { "what is not known": withUnknown(made(true), "spec.bootstrap.initdb.dataChecksums") },
  });
});
