/** Settings that the documentation shows, so that nobody copies what does not work. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** The settings of the first YAML block below the heading, by name without the project's namespace. */
export function exampleSettings(page: string, heading: string): Readonly<Record<string, unknown>> {
  const text = readFileSync(join(process.cwd(), "docs", page), "utf8");
  const [, section = ""] = text.split(`# ${heading}\n`);
  const [, block = ""] = /```yaml\n([\s\S]*?)```/.exec(section) ?? [];
  const config: Readonly<Record<string, unknown>> = parse(block)?.config ?? {};
  if (Object.keys(config).length === 0) throw new Error(`docs/${page} shows no settings at "${heading}"`);
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(/^roost:/, ""), value]));
}
