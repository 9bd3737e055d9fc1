import { kafkaRule } from "./kafka-rule.ts";

export const authorizer = kafkaRule({
  id: "kafka-authorizer",
  title: "Kafka allows nobody what no rule allows",
  why: "Without an authorizer whoever is let in reads and deletes every topic. Nor does one help that allows everything about which no rule says a word.",
  fix: "Set `authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer`, leave `allow.everyone.if.no.acl.found` out, and name few in `super.users`.",
  severity: "critical",
  controls: { iso: ["A.5.15", "A.8.2", "A.8.3"], gbt: ["8.1.4.2 a)", "8.1.4.2 d)"] },
  check({ properties }, report) {
    if ((properties.get("authorizer.class.name") ?? "") === "") report("has no authorizer");
    if (properties.get("allow.everyone.if.no.acl.found") === "true")
      report("allows everybody everything about which no rule says a word");
    const users = (properties.get("super.users") ?? "").split(";").map((user) => user.trim());
    for (const user of users) if (/^User:(\*|ANONYMOUS)$/.test(user)) report(`lets ${user} do everything: super.users`);
  },
});
