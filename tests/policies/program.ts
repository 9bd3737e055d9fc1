/**
 * The real program with something done to it: what a mistake, or somebody who means ill, would have deployed. The
 * environment variable `MUTATIONS` says what; `RENDER_TO` has the objects written to a folder instead of a cluster.
 */
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { laterSecret, type Mutation, mutations } from "./mutations.ts";

const folder = process.env.RENDER_TO;
const known: Readonly<Record<string, Mutation>> = { ...mutations, laterSecret };
const chosen = (process.env.MUTATIONS ?? "").split(",").flatMap((name) => known[name] ?? []);

pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
  if (type === "pulumi:providers:kubernetes" && folder !== undefined) {
    return { props: { renderYamlToDirectory: folder }, opts };
  }
  const changed: pulumi.Inputs = { ...props };
  for (const { about, path, change } of chosen) {
    const [input, ...rest] = path;
    if (about === `${type.split(":").at(-1)} ${name}`) changed[input] = changedAt(changed[input], rest, change);
  }
  return { props: changed, opts };
});

/** The same value, but for what is at the path; on the way may be what the engine tells only later. */
function changedAt(value: unknown, [key, ...rest]: readonly string[], change: (before: unknown) => unknown): unknown {
  if (pulumi.Output.isInstance(value)) return value.apply((known) => changedAt(known, [key ?? "", ...rest], change));
  if (key === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((item, index) => (`${index}` === key ? changedAt(item, rest, change) : item));
  const before: object = typeof value === "object" && value !== null ? value : {};
  return { ...before, [key]: changedAt(Reflect.get(before, key), rest, change) };
}

process.chdir(join(import.meta.dirname, "../.."));
await import("../../index.ts");
