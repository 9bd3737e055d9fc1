import { kafkaRule } from "./kafka-rule.ts";

export const noAutoCreate = kafkaRule({
  id: "kafka-no-auto-create",
  title: "Kafka makes no topic that nobody declared",
  why: "With automatic creation a wrong name becomes a topic, with the least copies and nobody to read it. Events are then lost without an error.",
  fix: "Set `auto.create.topics.enable=false`: Kafka's default is true.",
  severity: "medium",
  controls: { iso: ["A.8.9"], gbt: ["8.1.4.4 b)"] },
  check({ isBroker, properties }, report) {
    if (isBroker && properties.get("auto.create.topics.enable") !== "false") report("makes topics of any name");
  },
});
