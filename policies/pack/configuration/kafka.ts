/** Kafka's configuration in the form of server.properties, as far as rules ask about it. */
import type { Resource } from "../resource.ts";
import { filesOf } from "./files.ts";

export interface KafkaFile {
  readonly name: string;
  readonly properties: ReadonlyMap<string, string>;
  readonly isBroker: boolean;
}

/** Configurations of Kafka's nodes in a ConfigMap or Secret, or nothing where none is: files that say a node's roles. */
export function kafkaOf(resource: Resource): readonly KafkaFile[] | undefined {
  const files = propertiesWith("process.roles", resource).map((file) => ({
    ...file,
    isBroker: listed(file.properties.get("process.roles")).includes("broker"),
  }));
  return files.length > 0 ? files : undefined;
}

/** Configurations of workers of Kafka Connect, likewise: files that say where workers share what connectors there are. */
export function kafkaConnectOf(resource: Resource): readonly Omit<KafkaFile, "isBroker">[] | undefined {
  const files = propertiesWith("config.storage.topic", resource);
  return files.length > 0 ? files : undefined;
}

function propertiesWith(property: string, resource: Resource): readonly Omit<KafkaFile, "isBroker">[] {
  return filesOf(resource)
    .filter(({ name }) => name.endsWith(".properties"))
    .map(({ name, text }) => ({ name, properties: parseProperties(text()) }))
    .filter(({ properties }) => properties.has(property));
}

/** @source https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Properties.html#load(java.io.Reader) */
export function parseProperties(text: string): ReadonlyMap<string, string> {
  const lines = text.replace(/\\\r?\n[ \t]*/g, "").split(/\r?\n/);
  return new Map(
    lines.flatMap((line) => {
      const [, name, value = ""] = /^\s*([^#!\s=:][^\s=:]*)\s*[=:\s]\s*(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value.trim().replaceAll("\\\\", "\\")] as const];
    }),
  );
}

/** Parts of a list with commas. */
export function listed(value: string | undefined): readonly string[] {
  return (value ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
