import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { durableWrites } from "./durable-writes.ts";
import { cluster } from "./testing.ts";

const set = (parameters: Readonly<Record<string, string>>) => cluster({ postgresql: { parameters } });

describe("postgres-durable-writes", () => {
  itJudges(durableWrites, {
    passes: {
      "nothing said": cluster({}),
      "the defaults, said": set({ fsync: "on", full_page_writes: "true", zero_damaged_pages: "off" }),
      "waiting for a standby": set({ synchronous_commit: "remote_apply" }),
    },
    fails: {
      "each that is unsafe": [
        set({ fsync: "off", full_page_writes: "false", zero_damaged_pages: "on", ignore_checksum_failure: "1" }),
        "fsync is off",
        "full_page_writes is false",
        "zero_damaged_pages is on",
        "ignore_checksum_failure is 1",
      ],
      "commits that do not wait": [set({ synchronous_commit: "off" }), "synchronous_commit is off"],
    },
    ignores: { "a database": object("Database", {}) },
    undecided: { "what is not known": withUnknown(set({ fsync: "" }), "spec.postgresql.parameters.fsync") },
  });
});
