import { z } from "zod";
import { settingsSchema } from "./index.ts";

/** One place in the tree of settings, as the schema describes it. */
export interface SettingNode {
  readonly description?: string;
  readonly allowed?: string;
  readonly example?: unknown;
  readonly defaultValue?: unknown;
  readonly defaultText?: string;
  readonly unit?: string;
  readonly source?: string;
  readonly secret: boolean;
  readonly type: "text" | "whole number" | "number" | "flag" | "list" | "object" | "choice" | "either";
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  /** Words that are allowed, where only some are. */
  readonly words: readonly string[];
  /** Settings inside it, by name. */
  readonly properties: ReadonlyMap<string, SettingNode>;
  readonly required: readonly string[];
  /** What each further entry is like, where names are free. */
  readonly entries?: SettingNode;
  /** What such a name stands for, as it appears in paths: `servers.machines.<machine>`. */
  readonly entryName?: string;
  readonly items?: SettingNode;
  /** The kinds of object that it may be, and the setting that tells them apart. */
  readonly variants: readonly SettingNode[];
  readonly discriminator?: string;
}

type Schema = z.core.JSONSchema.BaseSchema;

let root: SettingNode | undefined;

/** The tree of all settings. */
export function settingsTree(): SettingNode {
  root ??= nodeOf(z.toJSONSchema(settingsSchema, { io: "input" }));
  return root;
}

/** The node at a path; what was given decides between the kinds of an object. */
export function nodeAt(path: readonly string[], given: unknown): SettingNode | undefined {
  let node: SettingNode | undefined = settingsTree();
  let value = given;
  for (const name of path) {
    node = variantFor(node, value);
    node = node.properties.get(name) ?? node.entries ?? node.items ?? discriminatorOf(node, name, value);
    if (node === undefined) return undefined;
    value = valueAt(value, [name]);
  }
  return node;
}

/** The kind of object that was given, where several are possible and it is clear which one. */
export function variantFor(node: SettingNode, given: unknown): SettingNode {
  if (node.discriminator === undefined) return node;
  const chosen = valueAt(given === undefined ? node.defaultValue : given, [node.discriminator]);
  return node.variants.find((each) => kindOf(node, each) === chosen) ?? node;
}

/** The word by which a variant is chosen. */
export function kindOf(node: SettingNode, variant: SettingNode): string | undefined {
  return variant.properties.get(node.discriminator ?? "")?.words[0];
}

/** The value at a path inside what was given. */
export function valueAt(given: unknown, path: readonly string[]): unknown {
  let value = given;
  for (const name of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.entries(value).find(([key]) => key === name)?.[1];
  }
  return value;
}

/** Paths of all settings, the kinds of an object side by side. */
export function allPaths(node: SettingNode = settingsTree(), prefix = ""): string[] {
  const below = [...node.properties, ...node.variants.flatMap((each) => [...each.properties]), ...repeated(node)];
  const paths = below.flatMap(([name, each]) => [`${prefix}${name}`, ...allPaths(each, `${prefix}${name}.`)]);
  return [...new Set(paths)];
}

/** What stands below a name that is free, or in a list, if it is a group of settings. */
export function repeated({ entries, entryName = "name", items }: SettingNode): [string, SettingNode][] {
  const isGroup = (node: SettingNode | undefined) =>
    node !== undefined && (node.properties.size > 0 || node.variants.length > 0);
  return [
    ...(entries !== undefined && isGroup(entries) ? [[`<${entryName}>`, entries] as [string, SettingNode]] : []),
    ...(items !== undefined && isGroup(items) ? [["<n>", items] as [string, SettingNode]] : []),
  ];
}

/** What is allowed, in words. */
export function allowedText(node: SettingNode): string {
  if (node.allowed !== undefined) return node.allowed;
  const quoted = node.words.map((word) => `"${word}"`);
  switch (node.type) {
    case "choice":
      return quoted.length === 1 ? `only ${quoted[0]}` : `one of ${quoted.join(", ")}`;
    case "flag":
      return "true or false";
    case "whole number":
    case "number": {
      const of = node.unit === undefined ? "" : ` (${node.unit})`;
      return `a ${node.type}${of} from ${node.minimum} to ${node.maximum}`;
    }
    case "list":
      return "a list";
    case "either":
      return `an object whose "${node.discriminator}" is one of ${variantWords(node).join(", ")}`;
    case "object":
      return `an object with ${[...node.properties.keys()].join(", ")}`;
    case "text":
      return "a text";
  }
}

function variantWords(node: SettingNode): string[] {
  return node.variants.map((each) => `"${kindOf(node, each)}"`);
}

/** The setting that tells kinds apart, with the words of all kinds; its example is the kind that fits what else was given. */
function discriminatorOf(node: SettingNode, name: string, given: unknown): SettingNode | undefined {
  if (node.discriminator !== name) return undefined;
  const words = node.variants.flatMap((each) => kindOf(node, each) ?? []);
  const fitting = [...node.variants].sort((a, b) => namesIn(b, given) - namesIn(a, given))[0];
  const example = fitting && kindOf(node, fitting);
  return { type: "choice", words, example, secret: false, properties: new Map(), required: [], variants: [] };
}

/** How many of the given settings the node has. */
function namesIn(node: SettingNode, given: unknown): number {
  if (typeof given !== "object" || given === null) return 0;
  return Object.keys(given).filter((name) => node.properties.has(name)).length;
}

function nodeOf(schema: Schema): SettingNode {
  const variants = variantsOf(schema).map(nodeOf);
  const discriminator = discriminatorName(variants);
  const words = wordsOf(schema);
  return {
    ...notesOf(schema),
    ...limitsOf(schema),
    type: typeOf(schema, words, discriminator),
    words,
    properties: new Map(Object.entries(schema.properties ?? {}).flatMap(namedNode)),
    required: schema.required ?? [],
    ...(isSchema(schema.additionalProperties) && { entries: nodeOf(schema.additionalProperties) }),
    ...(isSchema(schema.items) && { items: nodeOf(schema.items) }),
    variants: discriminator === undefined ? [] : variants,
    ...(discriminator !== undefined && { discriminator }),
  };
}

function namedNode([name, schema]: [string, unknown]): [string, SettingNode][] {
  return isSchema(schema) ? [[name, nodeOf(schema)]] : [];
}

function variantsOf(schema: Schema): Schema[] {
  return [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].filter(isSchema);
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The name of the setting that has one fixed word in every variant. */
function discriminatorName(variants: readonly SettingNode[]): string | undefined {
  const [first] = variants;
  if (first === undefined) return undefined;
  return [...first.properties.keys()].find((name) =>
    variants.every((each) => each.properties.get(name)?.words.length === 1),
  );
}

function wordsOf(schema: Schema): string[] {
  if (typeof schema.const === "string") return [schema.const];
  return (schema.enum ?? []).filter((word) => typeof word === "string");
}

function typeOf(schema: Schema, words: readonly string[], discriminator: string | undefined): SettingNode["type"] {
  if (discriminator !== undefined) return "either";
  if (words.length > 0) return "choice";
  switch (schema.type) {
    case "integer":
      return "whole number";
    case "number":
      return "number";
    case "boolean":
      return "flag";
    case "array":
      return "list";
    case "object":
      return "object";
    default:
      return "text";
  }
}

function notesOf(schema: Schema) {
  const { description, allowed, defaultText, unit, source, entryName } = schema;
  return {
    ...(description !== undefined && { description }),
    ...(typeof allowed === "string" && { allowed }),
    ...(typeof defaultText === "string" && { defaultText }),
    ...(typeof unit === "string" && { unit }),
    ...(typeof source === "string" && { source }),
    ...(typeof entryName === "string" && { entryName }),
    ...("example" in schema && { example: schema.example }),
    ...("default" in schema && { defaultValue: schema.default }),
    secret: schema.secret === true,
  };
}

function limitsOf({ minimum, maximum, minItems, maxLength, pattern }: Schema) {
  return {
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    ...(minItems !== undefined && { minItems }),
    ...(maxLength !== undefined && { maxLength }),
    ...(pattern !== undefined && { pattern }),
  };
}
