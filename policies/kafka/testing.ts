import { object } from "../pack/testing.ts";

const metadata = { name: "kafka", namespace: "chat" };

/** A ConfigMap with the configuration of a broker: these properties beside its role. */
export function broker(properties: Readonly<Record<string, string>>, roles = "broker") {
  const lines = Object.entries({ "process.roles": roles, ...properties }).map(([name, value]) => `${name}=${value}`);
  return object("ConfigMap", { metadata, data: { "server.properties": lines.join("\n") } });
}

/** What rules about Kafka have nothing to say about. */
export const others = {
  "another configuration": object("ConfigMap", {
    metadata,
    data: { "client.properties": "security.protocol=PLAINTEXT" },
  }),
  "another kind of resource": object("Service", { metadata }),
};
