import { describe } from "@jest/globals";
import type { Collation } from "../pack/kubernetes.ts";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { stableCollation } from "./stable-collation.ts";
import { cluster } from "./testing.ts";

const database = (collation: Collation) => object("Database", { spec: { name: "synapse", ...collation } });

describe("postgres-stable-collation", () => {
  itJudges(stableCollation, {
    passes: {
      C: database({ localeProvider: "libc", localeCollate: "C", localeCType: "C" }),
      "what the operator takes unasked": database({}),
      "a library that is known by its version": database({ localeProvider: "icu", localeCollate: "de_DE.UTF-8" }),
      "the first database": cluster({ bootstrap: { initdb: { localeCollate: "C", localeCType: "C.UTF-8" } } }),
    },
    fails: {
      "a language": [database({ localeCollate: "en_US.UTF-8" }), 'as the C library does in "en_US.UTF-8"'],
      "a language for everything": [database({ locale: "de_DE.UTF-8" }), '"de_DE.UTF-8"'],
      "one in the first database": [cluster({ bootstrap: { initdb: { localeCType: "en_US.utf8" } } }), '"en_US.utf8"'],
    },
    ignores: {
      "a cluster that is restored": cluster({ bootstrap: { recovery: {} } }),
      "a Secret": object("Secret", {}),
    },
    undecided: { "what is not known": withUnknown(database({ localeCollate: "C" }), "spec.localeCollate") },
  });
});
