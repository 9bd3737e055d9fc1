import { highlyAvailableKafkaRule } from "./kafka-rule.ts";

/** Kafka's own defaults, where a file says nothing. */
const least: readonly (readonly [name: string, least: number, byDefault: number])[] = [
  ["default.replication.factor", 3, 1],
  ["min.insync.replicas", 2, 1],
  ["offsets.topic.replication.factor", 3, 3],
  ["transaction.state.log.replication.factor", 3, 3],
  ["transaction.state.log.min.isr", 2, 2],
];

export const replication = highlyAvailableKafkaRule({
  id: "kafka-replication",
  title: "In a highly available Kafka each record lies on three brokers, and on two before it is acknowledged",
  why: "With fewer copies the loss of one broker loses records, or stops all writes. Kafka's own default is one copy.",
  fix: "Set `default.replication.factor=3` and `min.insync.replicas=2`, and give its own topics as many.",
  severity: "high",
  controls: { iso: ["A.8.14", "A.5.30"], gbt: ["8.1.4.9 c)"] },
  check({ isBroker, properties }, report) {
    if (!isBroker) return;
    for (const [name, wanted, byDefault] of least) {
      const value = Number(properties.get(name) ?? byDefault);
      if (value < wanted) report(`has ${name} ${value}, below ${wanted}`);
    }
  },
});
