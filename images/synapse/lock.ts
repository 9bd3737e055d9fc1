/**
 * Writes `requirements.lock` from `requirements.in`: every Python package of the image with version and hash.
 * Run it after a change of the latter: `bootstrap/run node images/synapse/lock.ts`.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { run } from "../../bootstrap/artifact.ts";
import { target } from "./recipe.ts";

/** Wanted only to build Synapse, which its metadata does not tell apart. */
const buildOnly = new Set(["setuptools-rust", "setuptools", "semantic-version"]);

const report = z.object({
  install: z.array(
    z.object({
      metadata: z.object({ name: z.string(), version: z.string() }),
      download_info: z.object({ archive_info: z.object({ hashes: z.object({ sha256: z.string() }) }) }),
    }),
  ),
});

const requirements = join(import.meta.dirname, "requirements.in");
const options = ["--dry-run", "--quiet", "--ignore-installed", "--report=-", "--target=/nonexistent"];
const printed = await run("/usr/bin/python3", [
  "-m",
  "pip",
  "install",
  ...options,
  ...target,
  "--requirement",
  requirements,
]);
const lines = report
  .parse(JSON.parse(printed))
  .install.map(({ metadata, download_info }) => ({
    name: metadata.name.toLowerCase().replace(/[-_.]+/g, "-"),
    line: `${metadata.version} --hash=sha256:${download_info.archive_info.hashes.sha256}`,
  }))
  .filter(({ name }) => !buildOnly.has(name))
  .sort((a, b) => (a.name < b.name ? -1 : 1))
  .map(({ name, line }) => `${name}==${line}\n`);
writeFileSync(join(import.meta.dirname, "requirements.lock"), lines.join(""));
