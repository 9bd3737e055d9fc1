/**
 * Puts CloudNativePG's release manifest into the cache, from the Go module that the operator is built from, or from the
 * project's repository where that can be reached. Either way it is the same file, byte for byte.
 *
 *     bootstrap/run node components/postgres/fetch-manifest.ts
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { artifact, run } from "../../bootstrap/artifact.ts";
import { goCommand } from "../../bootstrap/go.ts";
import { manifestArtifact, manifestFile, operatorManifest, operatorRelease, withoutDescriptions } from "./manifest.ts";

const module = "github.com/cloudnative-pg/cloudnative-pg";
const path = `releases/cnpg-${operatorRelease.version}.yaml`;
const downloadTimeoutMs = 30_000;

/** Makes the artifact unless it is there. */
export async function fetchOperatorManifest(): Promise<void> {
  await artifact(manifestArtifact.name, manifestArtifact.version, async (folder) => {
    const text = await manifestText();
    const documents = parseAllDocuments(text).map((document) => withoutDescriptions(document.toJS()));
    operatorManifest(documents);
    writeFileSync(join(folder, manifestFile), JSON.stringify(documents));
  });
}

async function manifestText(): Promise<string> {
  const failures: string[] = [];
  for (const source of [fromModule, fromRepository]) {
    try {
      return checked(await source());
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(
    `CloudNativePG's manifest ${path} could be had neither from the Go module proxy nor from its repository:\n\n${failures.join("\n\n")}`,
  );
}

async function fromModule(): Promise<string> {
  const printed = await run(
    await goCommand("1.21"),
    ["mod", "download", "-json", `${module}@v${operatorRelease.version}`],
    {
      env: { GOFLAGS: "-mod=mod", GOWORK: "off", GOTOOLCHAIN: "local" },
    },
  );
  const { Dir: folder } = z.object({ Dir: z.string() }).parse(JSON.parse(printed));
  return readFileSync(join(folder, path), "utf8");
}

async function fromRepository(): Promise<string> {
  const address = `https://raw.githubusercontent.com/cloudnative-pg/cloudnative-pg/v${operatorRelease.version}/${path}`;
  const response = await fetch(address, { signal: AbortSignal.timeout(downloadTimeoutMs) });
  if (!response.ok) throw new Error(`${address}: ${response.status} ${response.statusText}`);
  return response.text();
}

function checked(text: string): string {
  const sha256 = createHash("sha256").update(text).digest("hex");
  if (sha256 === operatorRelease.sha256) return text;
  throw new Error(`${path} has the checksum ${sha256}, not ${operatorRelease.sha256}: it is not the release's file`);
}

if (process.argv[1]?.endsWith("fetch-manifest.ts")) await fetchOperatorManifest();
