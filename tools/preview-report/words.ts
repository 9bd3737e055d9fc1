/** Says what a property change means, in words where there are some. */

import { lineDifferences } from "./lines.ts";
import { kindOf } from "./objects.ts";
import type { Difference, Step } from "./property-diff.ts";
import { pathText } from "./property-diff.ts";
import { code, cut, list, Prose, say } from "./prose.ts";
import { quantityOf } from "./quantity.ts";
import { isList, isTree, Secret, textOf, Unknown, type Value } from "./value.ts";

/** A value on one line. */
export function valueText(value: Value | undefined): string {
  if (value === undefined) return "nothing";
  if (value instanceof Secret) return value.number === undefined ? "[secret]" : `[masked ${value.number}]`;
  if (value instanceof Unknown) return "[known only at `up`]";
  if (isList(value)) return `[${value.map(valueText).join(", ")}]`;
  if (isTree(value))
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}: ${valueText(item)}`)
      .join(", ")}}`;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A value as a part of a sentence. */
export function shown(value: Value | undefined): Prose {
  if (value === undefined) return new Prose("nothing");
  if (value instanceof Secret) return new Prose(code(valueText(value)));
  if (value instanceof Unknown) return new Prose("a value known only at `up`");
  return new Prose(code(valueText(value), 80));
}

/** @param type the resource's, such as `kubernetes:apps/v1:Deployment` */
export function describe(type: string, difference: Difference): Prose {
  for (const wording of wordings) {
    const prose = wording(type, difference);
    if (prose !== undefined) return prose;
  }
  return inGeneral(difference);
}

type Wording = (type: string, difference: Difference) => Prose | undefined;

const wordings: readonly Wording[] = [hidden, replicas, image, environment, quantity, port, text];

function hidden(_type: string, { path, before, after }: Difference): Prose | undefined {
  const isHidden = (value: Value | undefined) => value instanceof Secret;
  if (isHidden(before) && isHidden(after)) return say`${pathText(path)}: a new secret value`;
  if (isHidden(before) && after instanceof Unknown) return say`${pathText(path)}: a new value, known only at ${"up"}`;
  return undefined;
}

function replicas(_type: string, { path, before, after }: Difference): Prose | undefined {
  const key = lastKey(path);
  if (path.length !== 2 || path[0] !== "spec" || (key !== "replicas" && key !== "instances")) return undefined;
  return say`${new Prose(key)} ${shown(before)} → ${shown(after)}`;
}

function image(_type: string, { path, before, after }: Difference): Prose | undefined {
  const key = lastKey(path);
  const [old, now] = [textOf(before), textOf(after)];
  if ((key !== "image" && key !== "imageName") || old === undefined || now === undefined) return undefined;
  const [one, other] = [parseImage(old), parseImage(now)];
  const of = itemOf(path);
  const whose = of === undefined ? new Prose("image") : say`image of ${of}`;
  const name = one.name === other.name ? code(one.name) : `${code(one.name)} → ${code(other.name)}`;
  const tag =
    one.tag === other.tag ? "" : `${one.tag ? code(one.tag) : "no tag"} → ${other.tag ? code(other.tag) : "no tag"}`;
  const digest = one.digest === other.digest ? "" : `digest ${digestText(one.digest)} → ${digestText(other.digest)}`;
  const parts = [tag, digest].filter((part) => part !== "");
  return new Prose(`${whose.markdown}: ${name}${parts.length > 0 ? ` ${parts.join(", ")}` : ""}`);
}

function digestText(digest: string | undefined): string {
  return digest === undefined ? "none" : code(digest.replace(/^(sha256:[0-9a-f]{12}).*$/, "$1…"));
}

/** `registry/name:tag@digest` */
export function parseImage(reference: string): {
  readonly name: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
} {
  const [rest = "", digest] = reference.split("@");
  const [, name = rest, tag] = /^(.*?)(?::([\w][\w.-]*))?$/.exec(rest) ?? [];
  return { name, tag, digest };
}

function environment(_type: string, { path, before, after }: Difference): Prose | undefined {
  const at = path.indexOf("env");
  const variable = path[at + 1];
  if (at < 0 || typeof variable !== "object") return undefined;
  const name = variable.item;
  if (before === undefined) return say`environment variable ${name} added: ${shown(variableOf(after))}`;
  if (after === undefined) return say`environment variable ${name} removed`;
  return say`environment variable ${name}: ${shown(before)} → ${shown(after)}`;
}

function variableOf(variable: Value | undefined): Value | undefined {
  return isTree(variable) ? (variable.value ?? variable.valueFrom) : variable;
}

const QUANTITIES: Readonly<Record<string, string>> = {
  memory: "memory",
  cpu: "processors",
  storage: "room",
  size: "size",
};

function quantity(_type: string, { path, before, after }: Difference): Prose | undefined {
  const word = QUANTITIES[lastKey(path)];
  const [old, now] = [sizeOf(before), sizeOf(after)];
  if (word === undefined || old === undefined || now === undefined || old === 0) return undefined;
  const kind = path.includes("limits") ? " limit" : path.includes("requests") && word !== "room" ? " request" : "";
  const of = itemOf(path);
  const whose = of === undefined ? new Prose(word + kind) : say`${new Prose(word + kind)} of ${of}`;
  return say`${whose}: ${shown(before)} → ${shown(after)} (${new Prose(ratio(now / old))})`;
}

function ratio(factor: number): string {
  return factor >= 1 ? `× ${Number(factor.toFixed(2))}` : `÷ ${Number((1 / factor).toFixed(2))}`;
}

export function sizeOf(value: Value | undefined): number | undefined {
  return typeof value === "string" || typeof value === "number" ? quantityOf(value) : undefined;
}

function port(type: string, { path, before, after }: Difference): Prose | undefined {
  const isPort = path.at(-2) === "ports" && typeof path.at(-1) === "object";
  const value = before ?? after;
  if (!isPort || (before !== undefined && after !== undefined) || !isTree(value)) return undefined;
  const number = value.port ?? value.containerPort;
  const what = kindOf(type) === "core/Service" ? "port" : "container port";
  return say`${new Prose(what)} ${shown(number)} ${new Prose(before === undefined ? "added" : "removed")}`;
}

/** Texts of several lines: what was added and removed, the first few lines of it. */
function text(_type: string, { path, before, after }: Difference): Prose | undefined {
  const [old, now] = [textOf(before), textOf(after)];
  if (old === undefined || now === undefined || !(old.includes("\n") || now.includes("\n"))) return undefined;
  const { added, removed } = lineDifferences(old, now);
  const few = [...removed.map((line) => `- ${line.trim()}`), ...added.map((line) => `+ ${line.trim()}`)];
  const lines =
    few.length <= 6
      ? list(
          few.map((line) => cut(line, 100)),
          6,
        )
      : new Prose("see the full diff");
  return say`${pathText(path)}: ${added.length} ${new Prose(added.length === 1 ? "line" : "lines")} added, ${removed.length} removed: ${lines}`;
}

function inGeneral({ path, before, after, isOrder }: Difference): Prose {
  const where = pathText(path);
  if (isOrder) return say`${where}: another order`;
  if (before === undefined) return say`${where} added: ${shown(after)}`;
  if (after === undefined) return say`${where} removed: ${shown(before)}`;
  return say`${where}: ${shown(before)} → ${shown(after)}`;
}

function lastKey(path: readonly Step[]): string {
  const last = path.at(-1);
  return typeof last === "string" ? last : "";
}

/** The innermost named item on the way, such as the container. */
function itemOf(path: readonly Step[]): string | undefined {
  const item = path.findLast((step) => typeof step === "object");
  return typeof item === "object" ? item.item : undefined;
}
