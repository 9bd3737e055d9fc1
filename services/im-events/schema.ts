/** The JSON Schema of the event model, and whether one is a successor of another that readers need not know of. */
import * as z from "zod";
import { EVENT_VERSION, imEvent } from "./event.ts";

/** Where the schema of each version is published, from the root of the project. */
export const schemaFile = `docs/im-event.v${EVENT_VERSION}.schema.json`;

/** @source https://json-schema.org/draft/2020-12/schema */
export function eventSchema(): object {
  // What is only added is no new version, so that readers must take properties that they do not know.
  return z.toJSONSchema(imEvent, { io: "input", target: "draft-2020-12" });
}

const node = z.object({
  type: z.string().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  required: z.array(z.string()).default([]),
  get properties() {
    return z.record(z.string(), node).default({});
  },
});

/**
 * What readers of a published schema would trip over in a newer one: what they rely on may not go, nor become something else.
 *
 * @returns a sentence for each, none where the newer one only adds
 */
export function incompatibilities(published: unknown, newer: unknown): readonly string[] {
  return compare(node.parse(published), node.parse(newer), "event");
}

function compare(before: z.output<typeof node>, after: z.output<typeof node>, path: string): readonly string[] {
  const changed = (["type", "const"] as const)
    .filter((key) => before[key] !== after[key])
    .map((key) => `${path}: ${key} was ${JSON.stringify(before[key])} and is ${JSON.stringify(after[key])}`);
  const values = (after.enum ?? [])
    .filter((value) => before.enum !== undefined && !before.enum.includes(value))
    .map((value) => `${path}: ${value} is a value that readers do not know`);
  const optional = before.required
    .filter((name) => !after.required.includes(name))
    .map((name) => `${path}.${name}: was always there, and may be missing`);
  const properties = Object.entries(before.properties).flatMap(([name, property]) => {
    const now = after.properties[name];
    return now === undefined ? [`${path}.${name}: is gone`] : compare(property, now, `${path}.${name}`);
  });
  return [...changed, ...values, ...optional, ...properties];
}
