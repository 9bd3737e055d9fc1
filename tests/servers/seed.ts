import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { command } from "../cluster/command.ts";

/** What cloud-init reads at the first boot: https://docs.cloud-init.io/en/latest/reference/datasources/nocloud.html */
export interface NoCloudSeed {
  readonly "meta-data": string;
  readonly "user-data": string;
  readonly "network-config": string;
  readonly "vendor-data"?: string;
}

/** Writes the seed as the CD that cloud-init looks for by its label. */
export async function writeSeedImage(seed: NoCloudSeed, file: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "roost-seed-"));
  try {
    for (const [name, content] of Object.entries(seed)) writeFileSync(join(folder, name), content, { mode: 0o600 });
    mkdirSync(dirname(file), { recursive: true });
    await command("genisoimage", ["-quiet", "-volid", "cidata", "-joliet", "-rock", "-output", file, folder]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
