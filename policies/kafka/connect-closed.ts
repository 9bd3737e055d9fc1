import { kafkaConnectOf, listed } from "../pack/configuration/kafka.ts";
import { each, subjectRule } from "../pack/rule.ts";

export const connectClosed = subjectRule(kafkaConnectOf, {
  id: "kafka-connect-closed",
  title: "Kafka Connect takes orders over TLS alone, from whoever has a certificate",
  why: "Whoever reaches the REST API of Kafka Connect makes connectors: these read databases with its password and write with its rights. Kafka's own default is plain text for everybody, and lets a connector use another account and another cluster.",
  fix: "Set `listeners=https://…` and `listeners.https.ssl.client.auth=required`, and `connector.client.config.override.policy=None`.",
  severity: "critical",
  controls: {
    nsa: ["network/encryption", "access/authentication"],
    iso: ["A.5.15", "A.8.5", "A.8.21"],
    gbt: ["8.1.2.2 b)", "8.1.4.2 a)"],
  },
  check(files, report) {
    each(files, ({ name, properties }) => {
      const listeners = listed(properties.get("listeners") ?? "http://:8083");
      for (const listener of [...listeners, ...listed(properties.get("admin.listeners"))])
        if (!listener.startsWith("https://")) report(`${name} has a listener ${listener}, which is no TLS`);
      const asks = properties.get("listeners.https.ssl.client.auth") ?? properties.get("ssl.client.auth");
      if (asks !== "required") report(`${name} has a REST API that asks for no certificate`);
      if (properties.get("connector.client.config.override.policy") !== "None")
        report(`${name} lets a connector use other accounts and clusters: connector.client.config.override.policy`);
    });
  },
});
