import { describe } from "@jest/globals";
import { itJudges } from "../pack/testing.ts";
import { namespace } from "../postgres/testing.ts";
import { replication } from "./replication.ts";
import { broker, others } from "./testing.ts";

const enough = { "default.replication.factor": "3", "min.insync.replicas": "2" };

describe("kafka-replication", () => {
  itJudges(replication, {
    passes: {
      "three copies, two of them at once": [namespace("ha"), broker(enough)],
      "a controller's": [namespace("ha"), broker({}, "controller")],
    },
    fails: {
      "Kafka's default": [
        [namespace("ha"), broker({})],
        "has default.replication.factor 1, below 3",
        "has min.insync.replicas 1, below 2",
      ],
      "one copy of its own topics": [
        [namespace("ha"), broker({ ...enough, "offsets.topic.replication.factor": "1" })],
        "has offsets.topic.replication.factor 1, below 3",
      ],
    },
    ignores: { ...others, "an environment that need not survive a node": [namespace("single"), broker({})] },
  });
});
