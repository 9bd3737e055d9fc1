/** What `pulumi stack export` writes, as far as rules and reports need it. */
import { z } from "zod";
import type { Resource } from "../../policies/pack/resource.ts";
import { guarded } from "../../policies/pack/undecided.ts";
import { readable, SecretsSeen } from "./values.ts";

export interface ExportedState {
  readonly project: string;
  readonly stack: string;
  /** The URN that stands for the stack as a whole. */
  readonly stackUrn: string;
  /** The engine's version, and when it wrote the state. */
  readonly engine?: string | undefined;
  readonly written?: string | undefined;
  readonly resources: readonly StateResource[];
  /** What stands in the state and is not judged, because it is gone or about to go. */
  readonly leaving: readonly { readonly urn: string; readonly why: string }[];
  /** Operations that an update began and did not end. */
  readonly pending: readonly { readonly urn: string; readonly operation: string }[];
  readonly secrets: SecretsSeen;
}

/** A resource as rules see it: its inputs where it is judged alone, its outputs where the stack is. */
export interface StateResource {
  readonly alone: Resource;
  readonly inStack: Resource;
  /** Its properties as the state holds them. */
  readonly raw: { readonly inputs: object; readonly outputs: object };
}

const properties = z.record(z.string(), z.unknown()).default({});

const resourceSchema = z.looseObject({
  urn: z.string().startsWith("urn:pulumi:"),
  type: z.string(),
  inputs: properties,
  outputs: properties,
  protect: z.boolean().default(false),
  delete: z.boolean().default(false),
  pendingReplacement: z.boolean().default(false),
});

const stateSchema = z.looseObject({
  version: z.int().min(3).max(4),
  deployment: z.looseObject({
    manifest: z.looseObject({ time: z.string().optional(), version: z.string().optional() }).default({}),
    resources: z.array(resourceSchema).default([]),
    pending_operations: z
      .array(z.looseObject({ type: z.string(), resource: z.looseObject({ urn: z.string() }) }))
      .nullish(),
  }),
});

type Entry = z.output<typeof resourceSchema>;

/** @throws Error that says in a line what is wrong with the file */
export function parseState(text: string): ExportedState {
  const { deployment } = parsedState(text);
  const entries = deployment.resources;
  const [first] = entries;
  if (first === undefined) throw new Error("it holds no resources, so there is nothing to audit");
  const [, stack = "", project = ""] = /^urn:pulumi:(.*?)::(.*?)::/.exec(first.urn) ?? [];
  const secrets = new SecretsSeen();
  return {
    project,
    stack,
    stackUrn: entries.find(({ type }) => type === "pulumi:pulumi:Stack")?.urn ?? "",
    engine: deployment.manifest.version || undefined,
    written: utc(deployment.manifest.time),
    resources: entries.filter((entry) => whyLeaving(entry) === undefined).map((entry) => resourceOf(entry, secrets)),
    leaving: entries.flatMap((entry) => {
      const why = whyLeaving(entry);
      return why === undefined ? [] : [{ urn: entry.urn, why }];
    }),
    pending: (deployment.pending_operations ?? []).map(({ type, resource: { urn } }) => ({ urn, operation: type })),
    secrets,
  };
}

function parsedState(text: string): z.output<typeof stateSchema> {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new Error("it is not JSON; write it with `pulumi stack export --file state.json`");
  }
  const parsed = stateSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  if (typeof given === "object" && given !== null && "checkpoint" in given) {
    throw new Error("it is a backend's own file; write one with `pulumi stack export --file state.json`");
  }
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") || "the whole";
  throw new Error(`it is no exported state of version 3 or 4: ${where}: ${issue?.message}`);
}

/** The same moment, as reports write it; the engine writes it in the time zone of the machine. */
function utc(time = ""): string | undefined {
  return Number.isNaN(Date.parse(time)) ? undefined : new Date(time).toISOString();
}

function whyLeaving(entry: Entry): string | undefined {
  if (entry.delete) return "it was replaced, and is waiting to be deleted";
  if (entry.pendingReplacement) return "it was deleted, and is waiting to be made again";
  return undefined;
}

function resourceOf({ urn, type, inputs, outputs, protect }: Entry, seen: SecretsSeen): StateResource {
  const about = { urn, type, name: urn.slice(urn.lastIndexOf("::") + 2), protect };
  const given = tree(readable(inputs, seen));
  const made = tree(readable(outputs, seen));
  return {
    alone: { ...about, props: guarded(given) },
    // An update that failed may have left no outputs: what was asked for is then the nearest to what is there.
    inStack: { ...about, props: guarded(Object.keys(made).length === 0 ? given : made) },
    raw: { inputs, outputs },
  };
}

function tree(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
