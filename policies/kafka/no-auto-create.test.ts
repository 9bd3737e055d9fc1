import { describe } from "@jest/globals";
import { itJudges } from "../pack/testing.ts";
import { noAutoCreate } from "./no-auto-create.ts";
import { broker, others } from "./testing.ts";

const name = "auto.create.topics.enable";

describe("kafka-no-auto-create", () => {
  itJudges(noAutoCreate, {
    passes: { off: broker({ [name]: "false" }), "a controller's": broker({}, "controller") },
    fails: {
      "Kafka's default": [broker({}), "makes topics of any name"],
      on: [broker({ [name]: "true" }, "broker,controller"), "makes topics of any name"],
    },
    ignores: others,
  });
});
