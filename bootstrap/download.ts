import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";

/** How long a host may take to answer before the next source is tried, in milliseconds. */
const patience = 5_000;

/**
 * Downloads a file from the first of `sources` that has it with that checksum.
 *
 * @param sha256 in hexadecimal
 * @param advice what to do when none can be reached
 * @throws Error with what each source answered.
 */
export async function download(
  sources: readonly string[],
  sha256: string,
  file: string,
  advice: string,
): Promise<void> {
  const failures: string[] = [];
  for (const source of sources) {
    try {
      const content = await fetchFile(source);
      const found = createHash("sha256").update(content).digest("hex");
      if (found === sha256) {
        writeFileSync(file, content);
        return;
      }
      failures.push(`${source}: its SHA-256 is ${found}, not ${sha256}`);
    } catch (error) {
      failures.push(`${source}: ${reason(error)}`);
    }
  }
  throw new Error(`Could not be downloaded:\n  ${failures.join("\n  ")}\n${advice}`);
}

async function fetchFile(source: string): Promise<Buffer> {
  const connecting = new AbortController();
  const timer = setTimeout(() => connecting.abort(new Error(`no answer in ${patience / 1000} s`)), patience);
  try {
    const response = await fetch(source, { signal: connecting.signal });
    clearTimeout(timer);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } finally {
    clearTimeout(timer);
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
