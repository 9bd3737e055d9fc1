import { existsSync, readFileSync } from "node:fs";

/** The file that configures the policy pack for a shipped stack; there is none where the defaults will do. */
export function configurationFile(stack: string): string | undefined {
  const file = `policies.${stack}.json`;
  return existsSync(file) ? file : undefined;
}

/** Settings of rules, and waivers, by rule. */
export function shippedConfiguration(stack: string): Readonly<Record<string, object>> {
  const file = configurationFile(stack);
  return file === undefined ? {} : JSON.parse(readFileSync(file, "utf8"));
}
