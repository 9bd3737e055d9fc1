/** Configuration in the form that Kafka reads: `name=value`, line by line. */
export type Properties = Readonly<Record<string, string | number | boolean>>;

/** The text of a `.properties` file. */
export function properties(values: Properties): string {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${String(value).replaceAll("\\", "\\\\")}\n`);
  return lines.join("");
}
