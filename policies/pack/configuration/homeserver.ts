/** Synapse's configuration, as it stands in a ConfigMap or Secret. */
import { parseDocument } from "yaml";
import { z } from "zod";
import { isKind, type Resource } from "../resource.ts";
import { type ConfigurationFile, filesOf } from "./files.ts";

/** Settings by their name: nothing is said about values, because a rule has to judge wrong ones too. */
export type Homeserver = Readonly<Record<string, unknown>>;

export interface HomeserverFile {
  readonly file: ConfigurationFile;
  readonly settings: Homeserver;
}

/**
 * The configuration file that says which homeserver it is, or nothing when the resource holds none. Synapse adds further
 * files to it: those are judged by {@link synapsesOf}'s users.
 */
export function homeserverOf(resource: Resource): HomeserverFile | undefined {
  for (const file of filesOf(resource)) {
    const found = isCandidate(file) ? asHomeserver(file) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A Secret is asked only when the name of the file says so: its values are mostly not known before they are made. */
function isCandidate({ resource, name }: ConfigurationFile): boolean {
  return /\.ya?ml$/i.test(name) && (isKind(resource, "ConfigMap") || /homeserver|synapse/i.test(name));
}

function asHomeserver(file: ConfigurationFile): HomeserverFile | undefined {
  const settings = settingsIn(file.text());
  if (typeof settings.server_name !== "string") return undefined;
  return ownSettings.some((name) => name in settings) ? { file, settings } : undefined;
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
