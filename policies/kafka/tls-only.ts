import { type KafkaFile, listed } from "../pack/configuration/kafka.ts";
import { kafkaRule } from "./kafka-rule.ts";

export const tlsOnly = kafkaRule({
  id: "kafka-tls-only",
  title: "Kafka's listeners are TLS, and know who connects",
  why: "Events have what people wrote, and a plain listener shows it to whoever sees the network. One that asks for no certificate and no password lets everybody be anybody.",
  fix: "Map each listener to `SSL` or `SASL_SSL` in `listener.security.protocol.map`, and set `ssl.client.auth=required`.",
  severity: "critical",
  controls: {
    nsa: ["network/encryption", "access/authentication"],
    iso: ["A.8.5", "A.8.21", "A.8.24"],
    gbt: ["8.1.2.2 b)", "8.1.4.8 a)"],
  },
  check(file, report) {
    for (const { name, protocol } of listenersOf(file)) {
      if (protocol !== "SSL" && protocol !== "SASL_SSL")
        report(`has a listener ${name} of ${protocol}, which is no TLS`);
      const asks =
        file.properties.get(`listener.name.${name.toLowerCase()}.ssl.client.auth`) ??
        file.properties.get("ssl.client.auth");
      if (protocol === "SSL" && asks !== "required")
        report(`has a listener ${name} that asks clients for no certificate`);
    }
    if (file.properties.get("ssl.endpoint.identification.algorithm") === "")
      report("takes any certificate of the authority for any node's: ssl.endpoint.identification.algorithm is empty");
  },
});

/** What a name stands for where no map says it: itself. */
function listenersOf({ properties }: KafkaFile) {
  const map = new Map(
    listed(properties.get("listener.security.protocol.map")).map((entry) => {
      const [name = "", protocol = ""] = entry.split(":");
      return [name, protocol] as const;
    }),
  );
  const listeners = properties.get("listeners") ?? "PLAINTEXT://:9092";
  return listed(listeners).map((listener) => {
    const name = listener.replace(/:\/\/.*$/, "");
    return { name, protocol: map.get(name) ?? name };
  });
}
