/**
 * Writes `upstream.lock.json`: the digest that each upstream tag of the catalogue stands for now.
 * `make images-resolve [MIRROR=<prefix>]`, or `bootstrap/run node images/resolve.ts [--mirror <prefix>] [--plain-http]`, where the registries can
 * be reached. With a mirror, images are looked up as `<prefix>/<upstream reference>`; their digests are the same there.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { imageNames, images, upstreamOnly } from "./catalogue.ts";
import type { LockEntry } from "./lock.ts";
import { manifestDigest, parseReference, type RegistryAccess } from "./registry.ts";

const { values } = parseArgs({
  options: {
    mirror: { type: "string", default: process.env.MIRROR ?? "" },
    "plain-http": { type: "boolean", default: false },
    output: { type: "string", default: join(import.meta.dirname, "upstream.lock.json") },
  },
});

type Result = { readonly name: string; readonly entry: LockEntry } | { readonly problem: string };

async function resolve([name, reference]: readonly [name: string, reference: string]): Promise<Result> {
  const asked = [values.mirror.replace(/\/+$/, ""), reference].filter(Boolean).join("/");
  try {
    const image = parseReference(asked);
    const digest = await manifestDigest(image, accessTo(image.registry));
    if (digest === undefined) return { problem: `${name}: ${asked} does not exist` };
    return { name, entry: { reference, digest } };
  } catch (error) {
    return { problem: `${name}: ${error instanceof Error ? error.message : error}` };
  }
}

/** Credentials are those of `docker login`. */
function accessTo(registry: string): RegistryAccess {
  const file = join(process.env.DOCKER_CONFIG ?? join(homedir(), ".docker"), "config.json");
  const keys =
    registry === "docker.io" ? ["https://index.docker.io/v1/", "docker.io"] : [registry, `https://${registry}`];
  const known = existsSync(file) ? (dockerConfig.parse(JSON.parse(readFileSync(file, "utf8"))).auths ?? {}) : {};
  const auth = keys.map((key) => known[key]?.auth).find((found) => found !== undefined);
  const [username, password] = auth === undefined ? [] : Buffer.from(auth, "base64").toString().split(/:(.*)/s);
  return {
    plainHttp: values["plain-http"],
    ...(username !== undefined && password !== undefined && { credentials: { username, password } }),
  };
}

const dockerConfig = z.object({ auths: z.record(z.string(), z.object({ auth: z.string().optional() })).optional() });

const wanted = [...imageNames.map((name) => [name, images[name].upstream] as const), ...Object.entries(upstreamOnly)];
const results = await Promise.all(wanted.map(resolve));
const problems = results.flatMap((result) => ("problem" in result ? [result.problem] : []));
if (problems.length > 0) {
  console.error(`${values.output} is left as it was, since not every image could be resolved:`);
  for (const problem of problems) console.error(`  ${problem}`);
  console.error("Run this where the registries can be reached, or give --mirror <host/prefix> that has the images.");
  process.exitCode = 1;
} else {
  const entries = results.flatMap((result) => ("entry" in result ? [[result.name, result.entry] as const] : []));
  writeFileSync(values.output, `${JSON.stringify({ images: Object.fromEntries(entries) }, undefined, 2)}\n`);
  for (const [, { reference, digest }] of entries) console.log(`${reference}@${digest}`);
}
