/**
 * An environment with Kafka and an archive as production has them, a quorum with three brokers, while all of it fails in turn. One with one
 * node is among those of `make e2e`.
 */
import { describe, jest } from "@jest/globals";
import { archiveSettings } from "./chapters/archive.ts";
import { eventFaults } from "./chapters/event-faults.ts";
import { kafka, kafkaPrograms, kafkaSettings } from "./chapters/kafka.ts";
import { removal, up } from "./chapters/up.ts";
import { clusterScoped } from "./kubectl.ts";
import { Stage } from "./stage.ts";
import { storyOn } from "./story.ts";

jest.setTimeout(30 * 60_000);

describe("an environment with Kafka, highly available", () => {
  const stage = new Stage({
    name: "e2e-kafka",
    availability: "ha",
    settings: { kafka: kafkaSettings("roost-e2e-kafka"), ...archiveSettings },
  });
  const { tell, before } = storyOn(stage);
  tell("kafka-up", () => {
    kafkaPrograms(stage);
    up(stage);
  });
  tell("kafka-use", () => kafka(stage, 3));
  tell("kafka-faults", () => eventFaults(stage));
  tell("kafka-removal", () => removal(stage, before, clusterScoped));
});
