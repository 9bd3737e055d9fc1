/** The settings of a stack as its file has them, for what works without engine and passphrase. */
import { existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { type Environment, parseEnvironment, readSettings, SettingsError, thisMachine } from "../environment/index.ts";

export interface StackSettings {
  /** Values by key, as Pulumi gives them to a program: every value is a text. */
  readonly config: Readonly<Record<string, string>>;
  /** Paths, below the project's namespace, of values that are encrypted and stay unknown. */
  readonly withheld: ReadonlySet<string>;
}

/** Stands for a secret that cannot be read without the stack's passphrase; it has the form that a PEM setting wants. */
const UNKNOWN = ["CERTIFICATE", "PRIVATE KEY"]
  .map((label) => `-----BEGIN ${label}-----\nAA==\n-----END ${label}-----`)
  .join("\n");

/**
 * The environment that a stack's settings file describes.
 *
 * @param mustFit whether it is refused where it asks for more than there is (default true)
 * @throws SettingsError with all that is wrong with the settings; Error when the file cannot be read
 */
export function stackEnvironment(stack: string, mustFit = true): Environment {
  const file = fileOf(stack);
  if (!existsSync(file)) throw new Error("there is no such file; write it, beginning from Pulumi.prod.yaml");
  const { config, withheld } = stackSettings(readFileSync(file, "utf8"));
  return parseEnvironment(readSettings(config), {
    machine: thisMachine(),
    network: process.env.ROOST_NETWORK,
    withheld,
    mustFit,
  });
}

/** What {@link stackEnvironment} threw, as the operator is told. */
export function explained(stack: string, error: unknown): string {
  if (!(error instanceof Error)) throw error;
  return error instanceof SettingsError ? error.message : `${fileOf(stack)}: ${error.message}`;
}

/**
 * Tells something of a stack's environment, and why it cannot, where it cannot.
 *
 * @returns the exit code: what `tell` says, or 2
 */
export async function exitCodeOf(stack: string, tell: (environment: Environment) => Promise<number>): Promise<number> {
  let environment: Environment;
  try {
    environment = stackEnvironment(stack);
  } catch (error) {
    console.error(explained(stack, error));
    return 2;
  }
  try {
    return await tell(environment);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 2;
  }
}

/** The settings file of a stack, in the project's folder. */
export function fileOf(stack: string): string {
  return `Pulumi.${stack}.yaml`;
}

/**
 * The settings file without the salt that Pulumi has written into it, which fits one passphrase alone: with another, or in
 * another checkout, the stack could not even be made. Where the file holds secrets the salt stays, since they need it.
 */
export function withoutSalt(text: string): string {
  return /\bsecure:/.test(text) ? text : text.replace(/^encryptionsalt:.*\n?/m, "");
}

/** Reads a stack's settings file as the engine does, but for what is encrypted in it. */
export function stackSettings(text: string): StackSettings {
  const document: unknown = parse(text);
  const config = isRecord(document) && isRecord(document.config) ? document.config : {};
  const withheld = new Set<string>();
  const values = Object.entries(config).map(([key, value]) => {
    const known = withoutSecrets(value, key.slice(key.indexOf(":") + 1), withheld);
    return [key, typeof known === "object" ? JSON.stringify(known) : String(known)];
  });
  return { config: Object.fromEntries(values), withheld };
}

function withoutSecrets(value: unknown, path: string, withheld: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((each, at) => withoutSecrets(each, `${path}.${at}`, withheld));
  if (!isRecord(value)) return value;
  if (typeof value.secure === "string" && Object.keys(value).length === 1) {
    withheld.add(path);
    return UNKNOWN;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, withoutSecrets(each, `${path}.${key}`, withheld)]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
