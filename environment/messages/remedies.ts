import { isIPv4, isIPv6 } from "node:net";
import { CONFIG_NAMESPACE } from "../settings/index.ts";
import { ADDRESS_RANGE, HOST_NAME } from "../settings/names.ts";
import type { SettingNode } from "../settings/tree.ts";
import { nearest, numberMeant } from "./wording.ts";

/** What to do about a value that is not allowed; `value` is undefined where nothing, or nothing showable, was given. */
export function remedyFor(path: readonly string[], node: SettingNode, value: unknown): string {
  if (value === undefined) return node.secret ? setSecret(path) : setIt(path, node);
  switch (node.type) {
    case "choice":
      return choiceRemedy(node, value);
    case "whole number":
    case "number":
      return numberRemedy(node, value);
    case "flag":
      return flagRemedy(value);
    case "list":
      return typeof value === "string"
        ? `write a list: ${JSON.stringify([rangeMeant(value) ?? value])}`
        : suggestion(node);
    case "text":
      return textRemedy(node, value);
    case "object":
    case "either":
      return suggestion(node);
  }
}

function setIt(path: readonly string[], node: SettingNode): string {
  const key = `${CONFIG_NAMESPACE}:${path.join(".")}`;
  const nested = path.length > 1 ? "--path " : "";
  if (typeof node.example === "object")
    return `set it in the stack's file, for example ${JSON.stringify(node.example)}`;
  return `set it: pulumi config set ${nested}${key} ${exampleText(node)}`;
}

function setSecret(path: readonly string[]): string {
  return `set it: pulumi config set --secret --path ${CONFIG_NAMESPACE}:${path.join(".")} < file`;
}

function exampleText(node: SettingNode): string {
  const example = node.example ?? node.words[0] ?? node.defaultValue ?? "…";
  return typeof example === "string" ? example : JSON.stringify(example);
}

function suggestion(node: SettingNode): string {
  const example = node.example ?? node.defaultValue;
  if (example === undefined) return "write it as docs/settings.md shows";
  return `write, for example, ${JSON.stringify(example)}`;
}

function choiceRemedy(node: SettingNode, value: unknown): string {
  const meant = typeof value === "string" ? nearest(value, node.words) : undefined;
  return meant === undefined ? `write ${JSON.stringify(node.words[0])}, or another of these` : `write "${meant}"`;
}

function numberRemedy(node: SettingNode, value: unknown): string {
  const meant = typeof value === "string" ? numberMeant(value, node.unit) : value;
  if (typeof meant !== "number" || !Number.isFinite(meant)) return suggestion(node);
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = node;
  if (meant < minimum) return `write ${minimum} or more`;
  if (meant > maximum) return `write ${maximum} or less`;
  return `write ${node.type === "whole number" ? Math.ceil(meant) : meant}`;
}

function flagRemedy(value: unknown): string {
  if (/^(true|yes|on|1)$/i.test(String(value))) return "write true, without quotes";
  if (/^(false|no|off|0)$/i.test(String(value))) return "write false, without quotes";
  return "write true or false";
}

function textRemedy(node: SettingNode, value: unknown): string {
  if (node.unit !== undefined && typeof value === "string" && numberMeant(value, node.unit) !== undefined)
    return numberRemedy({ ...node, type: "whole number" }, value);
  if (typeof value === "number" && matches(node, `${value}`)) return `write it in quotes: "${value}"`;
  if (typeof value === "string") {
    const meant = hostMeant(value) ?? rangeMeant(value) ?? value.trim().toLowerCase();
    if (meant !== value && matches(node, meant)) return `write ${JSON.stringify(meant)}`;
  }
  return suggestion(node);
}

function matches({ pattern, maxLength = 253 }: SettingNode, text: string): boolean {
  return pattern !== undefined && text.length <= maxLength && new RegExp(pattern).test(text);
}

/** The host name in an address, a URL or a name with a final dot. */
function hostMeant(written: string): string | undefined {
  const host = written
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, "")
    .replace(/[/?#].*$/, "")
    .replace(/(:\d+)?\.?$/, "");
  return HOST_NAME.test(host) ? host : undefined;
}

/** The range of a single address. */
function rangeMeant(written: string): string | undefined {
  const text = written.trim().toLowerCase();
  if (isIPv4(text)) return `${text}/32`;
  if (isIPv6(text)) return `${text}/128`;
  return ADDRESS_RANGE.test(text) ? text : undefined;
}
