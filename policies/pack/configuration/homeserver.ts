/** Synapse's configuration, as it stands in a ConfigMap or Secret. */
import { parseDocument } from "yaml";
import { z } from "zod";
import { isKind, type Resource } from "../resource.ts";
import { type ConfigurationFile, filesOf } from "./files.ts";

/** Settings by their name: nothing is said about values, because a rule has to judge wrong ones too. */
export type Homeserver = Readonly<Record<string, unknown>>;

/**
 * The configuration that says which homeserver it is, or nothing when the resource holds none. Synapse may be started with
 * further files, which add to it: see `synapse.ts`.
 */
export function homeserverOf(resource: Resource): Homeserver | undefined {
  for (const file of filesOf(resource)) {
    const settings = homeserverIn(file);
    if (settings !== undefined) return settings;
  }
  return undefined;
}

/** The same for one file. One of a Secret is read only where its name says so: it is mostly not known before it is made. */
export function homeserverIn({ resource, name, text }: ConfigurationFile): Homeserver | undefined {
  if (!/\.ya?ml$/i.test(name)) return undefined;
  if (!isKind(resource, "ConfigMap") && !/homeserver|synapse/i.test(name)) return undefined;
  const settings = settingsIn(text());
  const isHomeserver = typeof settings.server_name === "string" && ownSettings.some((own) => own in settings);
  return isHomeserver ? settings : undefined;
}

/** One of these stands in every configuration of Synapse, and in that of no other program that has a `server_name`. */
const ownSettings = ["listeners", "public_baseurl", "report_stats", "signing_key_path", "enable_registration"];

const mapping = z.record(z.string(), z.unknown());

/** Parsed texts: every rule asks again. */
const known = new Map<string, Homeserver>();

/** The settings in a configuration file as Synapse reads them; none where it could not. */
export function settingsIn(text: string): Homeserver {
  const before = known.get(text);
  if (before !== undefined) return before;
  // In YAML 1.1, which Synapse reads, `yes` and `off` are booleans, and the last of two equal keys counts.
  const document = parseDocument(text, { version: "1.1", uniqueKeys: false, logLevel: "silent" });
  const parsed = mapping.safeParse(document.errors.length > 0 ? undefined : document.toJS());
  const settings = parsed.success ? parsed.data : {};
  known.set(text, settings);
  return settings;
}
