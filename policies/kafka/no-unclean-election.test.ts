import { describe } from "@jest/globals";
import { itJudges } from "../pack/testing.ts";
import { noUncleanElection } from "./no-unclean-election.ts";
import { broker, others } from "./testing.ts";

const name = "unclean.leader.election.enable";

describe("kafka-no-unclean-election", () => {
  itJudges(noUncleanElection, {
    passes: { "Kafka's default": broker({}), off: broker({ [name]: "false" }) },
    fails: { on: [broker({ [name]: "true" }), "allows unclean elections"] },
    ignores: others,
  });
});
