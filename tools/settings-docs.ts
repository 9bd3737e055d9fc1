/** Writes what follows from the settings' schema: the config section of Pulumi.yaml, and docs/settings.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { settingsPage } from "./settings-page.ts";
import { projectConfig, withSection } from "./settings-project.ts";

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });

const project = readFileSync("Pulumi.yaml", "utf8");
const wanted: Readonly<Record<string, string>> = {
  "Pulumi.yaml": withSection(project, projectConfig()),
  "docs/settings.md": settingsPage(),
};

const stale = Object.entries(wanted).filter(([file, text]) => read(file) !== text);
if (values.check && stale.length > 0) {
  const names = stale.map(([file]) => file).join(" and ");
  console.error(
    `${names}: not what environment/settings says; allowed: what is generated from it; run \`make settings\``,
  );
  process.exitCode = 1;
} else {
  for (const [file, text] of stale) {
    writeFileSync(file, text);
    console.log(`${file}: written`);
  }
  if (stale.length === 0) console.log("Pulumi.yaml and docs/settings.md say what the schema says");
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
