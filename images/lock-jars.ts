/** Writes each `jars.lock`. Run it after a change of Kafka's version or of a `pom.xml`: `bootstrap/run node images/lock-jars.ts`. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetchJars, lockFileOf, lockOf, withJars } from "./jars.ts";

for (const image of withJars) {
  const folder = mkdtempSync(join(tmpdir(), "roost-jars-"));
  await fetchJars(image, folder);
  writeFileSync(lockFileOf(image), lockOf(folder));
  rmSync(folder, { recursive: true });
}
