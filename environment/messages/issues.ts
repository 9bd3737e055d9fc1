import type { z } from "zod";
import { CONFIG_NAMESPACE } from "../settings/index.ts";
import type { SettingNode } from "../settings/tree.ts";
import { allowedText, allPaths, kindOf, nodeAt, settingsTree, valueAt, variantFor } from "../settings/tree.ts";
import type { Problem } from "./problems.ts";
import { remedyFor } from "./remedies.ts";
import { hidden, nearest, shown } from "./wording.ts";

/** What was given, and which of it must not be shown. */
export interface Given {
  readonly raw: Readonly<Record<string, unknown>>;
  /** Top-level settings that hold a secret somewhere. */
  readonly secretKeys: ReadonlySet<string>;
}

/** Says what is wrong in the words of the schema's own notes. */
export function problemsOf(issue: z.core.$ZodIssue, given: Given): Problem[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) =>
      nodeAt(path, given.raw)?.entries === undefined
        ? unknownSetting(path, key, given)
        : wrongName([...path, key], given),
    );
  if (issue.code === "invalid_key") return [wrongName(path, given)];
  return [wrongValue(path, given)];
}

/** A name that cannot be one, where names are free. */
function wrongName(path: readonly string[], given: Given): Problem {
  const node = nodeAt(path.slice(0, -1), given.raw) ?? settingsTree();
  return {
    path: path.join("."),
    given: `the name ${shown(path.at(-1))}`,
    allowed: allowedText(node),
    remedy: `write, for example, ${JSON.stringify(node.example)}`,
  };
}

function wrongValue(path: readonly string[], given: Given): Problem {
  const node = nodeAt(path, given.raw) ?? settingsTree();
  const value = valueAt(given.raw, path);
  return {
    path: path.join("."),
    ...(value !== undefined && { given: showAt(path, value, node, given) }),
    allowed: allowedText(node),
    remedy: remedyFor(path, node, isHidden(path, node, given) ? undefined : value),
  };
}

function unknownSetting(path: readonly string[], key: string, given: Given): Problem {
  const place = nodeAt(path, given.raw) ?? settingsTree();
  const parent = variantFor(place, valueAt(given.raw, path));
  const names = [...parent.properties.keys()];
  const value = valueAt(given.raw, [...path, key]);
  const similar = nearest(key, names);
  const whole = [...path, key];
  const meant = similar === undefined ? undefined : nodeAt([...path, similar], given.raw);
  const secret = meant === undefined ? /key|secret|password|token|pem/i.test(key) : meant.secret;
  return {
    path: whole.join("."),
    given: `an unknown setting (${secret ? hidden(value) : showAt(whole, value, undefined, given)})`,
    allowed: names.length === 0 ? "no settings here" : names.join(", "),
    remedy: unknownRemedy(path, key, similar, place),
  };
}

function unknownRemedy(path: readonly string[], key: string, similar: string | undefined, place: SettingNode): string {
  const name = (each: string) => `${CONFIG_NAMESPACE}:${each}`;
  const kind = place.variants.find((each) => each.properties.has(key));
  if (kind !== undefined) return `remove it, or choose ${place.discriminator} "${kindOf(place, kind)}", which has it`;
  if (similar !== undefined) return `did you mean ${name([...path, similar].join("."))}?`;
  // Not in an entry of something, since nobody knows of which.
  const elsewhere = allPaths().find((each) => each.split(".").at(-1) === key && !each.includes("<"));
  // A secret is of one place alone: it is never meant for another.
  if (/password|token/i.test(key)) return "remove it: docs/settings.md lists every setting";
  if (elsewhere !== undefined) return `write it at ${name(elsewhere)}`;
  return "remove it: docs/settings.md lists every setting";
}

function showAt(path: readonly string[], value: unknown, node: SettingNode | undefined, given: Given): string {
  return isHidden(path, node, given) && typeof value !== "number" && typeof value !== "boolean"
    ? hidden(value)
    : shown(value);
}

/** Where a secret lies inside a setting, nobody can tell which of its texts it is. */
function isHidden([section]: readonly string[], node: SettingNode | undefined, { secretKeys }: Given): boolean {
  if (node?.secret) return true;
  return section !== undefined && secretKeys.has(section) && node?.type !== "choice";
}
