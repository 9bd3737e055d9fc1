/** TLS that becomes weaker: in configuration files, in settings, in keys. */
import type { Change } from "../changes.ts";
import { lineDifferences } from "../lines.ts";
import { leavesOf, pathText } from "../property-diff.ts";
import { type Prose, say } from "../prose.ts";
import { numberOf, textOf, type Value } from "../value.ts";
import { valueText } from "../words.ts";
import type { Finding, Rule } from "./finding.ts";

export const weakerTls: Rule = ({ changes }) => changes.flatMap((change) => [...settings(change), ...keys(change)]);

/** A setting by name, and how strong it is: more is stronger. */
interface Setting {
  readonly name: string;
  readonly value: string;
  readonly strength: number;
}

function settings({ resource, properties }: Change): Finding[] {
  return properties.flatMap(leavesOf).flatMap(({ path, before, after }) => {
    const key = `${typeof path.at(-1) === "string" ? path.at(-1) : ""}`;
    const { removed, added } = changedLines(before, after);
    const [old, now] = [
      removed.flatMap((line) => settingsIn(line, key)),
      added.flatMap((line) => settingsIn(line, key)),
    ];
    return now.flatMap((setting) => {
      const was = old.find(({ name }) => name === setting.name);
      const isWeaker = was === undefined ? setting.strength === OFF : setting.strength < was.strength;
      if (!isWeaker) return [];
      const text = say`weakens TLS in ${pathText(path)}: ${setting.name} ${was?.value ?? "nothing"} → ${setting.value}`;
      return [finding(resource, text)];
    });
  });
}

function changedLines(before: Value | undefined, after: Value | undefined) {
  const [old, now] = [textOf(before), textOf(after)];
  if (old !== undefined && now !== undefined) return lineDifferences(old, now);
  const lines = (value: Value | undefined) =>
    typeof value === "string" || typeof value === "boolean" ? `${value}`.split("\n") : [];
  return { removed: lines(before), added: lines(after) };
}

/** No protection at all, or none that is checked. */
const OFF = 0;

const SSL_MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/** Settings in a line of a configuration file, or in a value whose key is given. */
function settingsIn(line: string, key: string): Setting[] {
  const text = /[:=\s]/.test(line.trim()) ? line : `${key}: ${line}`;
  const found: Setting[] = [];
  for (const [, name = "", version = ""] of text.matchAll(VERSIONS)) {
    found.push({ name, value: version, strength: versionOf(version) });
  }
  for (const [, name = "", mode = ""] of text.matchAll(/(sslmode|ssl_mode|PGSSLMODE)["']?\s*[:=]\s*["']?([a-z-]+)/gi)) {
    const strength = SSL_MODES.indexOf(mode);
    if (strength >= 0) found.push({ name, value: mode, strength });
  }
  for (const [, name = "", value = ""] of text.matchAll(UNCHECKED)) found.push({ name, value, strength: OFF });
  for (const [, value = ""] of text.matchAll(/\bverify\s+(none|required)\b/g)) {
    found.push({ name: "verify", value, strength: value === "none" ? OFF : 1 });
  }
  return found;
}

/** HAProxy, PostgreSQL, nginx, Kubernetes, Go and others: their names for the lowest version of TLS. */
const VERSIONS =
  /(ssl-min-ver|ssl_min_protocol_version|ssl_protocols|(?:[\w-]*tls[_-]?min[\w-]*)|(?:[\w-]*min[_-]?(?:imum)?[_-]?(?:tls|ssl|protocol)?[_-]?version))["']?\s*[:=\s]\s*["']?((?:TLS|SSL)v?1?[._]?[0-3]?|VersionTLS1[0-3]|1\.[0-3])\b/gi;

const UNCHECKED =
  /\b([\w-]*(?:insecure[_-]?skip[_-]?(?:tls[_-]?)?verify|skip[_-]?tls[_-]?verify|tls[_-]?insecure|insecureSkipTLSVerify)[\w-]*)["']?\s*[:=]\s*["']?(true|yes|1)\b/gi;

/** 1.2 of "TLSv1.2", "VersionTLS12", "TLS1_2" and "1.2"; SSL is below all of them. */
function versionOf(text: string): number {
  if (/^ssl/i.test(text)) return OFF;
  const [, minor] = /1[._]?([0-3])$/.exec(text) ?? [];
  return minor === undefined ? 1 : 1 + Number(minor) / 10;
}

const CURVES = ["P224", "P256", "P384", "P521"];

/** Keys that are made shorter. */
function keys({ resource, properties }: Change): Finding[] {
  return properties.flatMap(leavesOf).flatMap(({ path, before, after }) => {
    const key = path.at(-1);
    const [bits, bitsNow] = [numberOf(before), numberOf(after)];
    const isShorter = key === "rsaBits" && bits !== undefined && bitsNow !== undefined && bitsNow < bits;
    const isSmaller =
      key === "ecdsaCurve" &&
      CURVES.indexOf(valueText(after)) < CURVES.indexOf(valueText(before)) &&
      after !== undefined;
    if (!isShorter && !isSmaller) return [];
    return [finding(resource, say`gets a weaker key: ${pathText(path)} ${valueText(before)} → ${valueText(after)}`)];
  });
}

function finding(resource: Finding["resource"], text: Prose): Finding {
  return { category: "exposure", level: "danger", ...(resource && { resource }), text };
}
