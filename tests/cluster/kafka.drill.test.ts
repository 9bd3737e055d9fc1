/**
 * An environment with Kafka and an archive as production has them, a quorum with three brokers, while all of it fails in turn. One with one
 * node is among those of `make e2e`.
 */
import { describe, jest } from "@jest/globals";
import { archiveSettings } from "./chapters/archive.ts";
import { bulk, bulkSettings } from "./chapters/bulk.ts";
import { eventFaults } from "./chapters/event-faults.ts";
import { kafka, kafkaPrograms, kafkaSettings } from "./chapters/kafka.ts";
import { removal, up } from "./chapters/up.ts";
import { clusterScoped } from "./kubectl.ts";
import { Stage } from "./stage.ts";
import { storyOn } from "./story.ts";

jest.setTimeout(30 * 60_000);

const NAMESPACE = "roost-e2e-kafka";

describe("an environment with Kafka, highly available", () => {
  const kafkaArgs = kafkaSettings(NAMESPACE);
  const stage = new Stage({
    name: "e2e-kafka",
    availability: "ha",
    // What each is guaranteed is small, so that all of it fits into two processors; it may use more.
    settings: {
      kafka: {
        ...kafkaArgs,
        cpus: 0.05,
        changeCapture: { ...kafkaArgs.changeCapture, cpus: 0.05 },
        bulk: bulkSettings(NAMESPACE),
      },
      ...archiveSettings,
      postgres: { cpus: 0.07 },
      observability: { kind: "on", retentionDays: 1, cpus: 0.05 },
    },
  });
  const { tell, before } = storyOn(stage);
  tell("kafka-up", () => {
    kafkaPrograms(stage);
    up(stage);
  });
  tell("kafka-bulk", () => bulk(stage, 3));
  tell("kafka-faults", () => eventFaults(stage));
  // It removes the programs' namespace in the end.
  tell("kafka-use", () => kafka(stage, 3));
  tell("kafka-removal", () => removal(stage, before, clusterScoped));
});
