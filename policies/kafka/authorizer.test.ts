import { describe } from "@jest/globals";
import { itJudges } from "../pack/testing.ts";
import { authorizer } from "./authorizer.ts";
import { broker, others } from "./testing.ts";

const standard = { "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer" };

describe("kafka-authorizer", () => {
  itJudges(authorizer, {
    passes: {
      "denial by default": broker({ ...standard, "super.users": "User:kafka;User:kafka-topics" }),
      "a controller's": broker(standard, "controller"),
    },
    fails: {
      none: [broker({}), "has no authorizer"],
      "everything that no rule is about": [
        broker({ ...standard, "allow.everyone.if.no.acl.found": "true" }),
        "allows everybody everything",
      ],
      "whoever has no name": [
        broker({ ...standard, "super.users": "User:kafka;User:ANONYMOUS" }),
        "lets User:ANONYMOUS",
      ],
    },
    ignores: others,
  });
});
