/** An environment with Kafka as production has it: a quorum with three brokers. One with one node is among those of `make e2e`. */
import { describe, jest } from "@jest/globals";
import { bulk, bulkSettings } from "./chapters/bulk.ts";
import { kafka, kafkaPrograms, kafkaSettings } from "./chapters/kafka.ts";
import { removal, up } from "./chapters/up.ts";
import { clusterScoped } from "./kubectl.ts";
import { Stage } from "./stage.ts";
import { storyOn } from "./story.ts";

jest.setTimeout(30 * 60_000);

const NAMESPACE = "roost-e2e-kafka";

describe("an environment with Kafka, highly available", () => {
  const stage = new Stage({
    name: "e2e-kafka",
    availability: "ha",
    settings: { kafka: { ...kafkaSettings(NAMESPACE), bulk: bulkSettings(NAMESPACE) } },
  });
  const { tell, before } = storyOn(stage);
  tell("kafka-up", () => {
    kafkaPrograms(stage);
    up(stage);
  });
  tell("kafka-bulk", () => bulk(stage, 3));
  // It removes the programs' namespace in the end.
  tell("kafka-use", () => kafka(stage, 3));
  tell("kafka-removal", () => removal(stage, before, clusterScoped));
});
