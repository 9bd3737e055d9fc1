import { stringify } from "yaml";

/** Synapse reads YAML 1.1, in which an unquoted `off` is no word. */
export function toYaml(configuration: object): string {
  return stringify(configuration, { version: "1.1", lineWidth: 0 });
}
