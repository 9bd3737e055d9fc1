/** Writes what follows from schema and rules: the config section of Pulumi.yaml, and reference pages in docs/. */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ruleGroups } from "../components/observability/alerts/index.ts";
import { rules } from "../policies/rules.ts";
import { eventSchema, incompatibilities, schemaFile } from "../services/im-events/schema.ts";
import { policiesPage } from "./policies-page.ts";
import { runbooksPage } from "./runbooks-page.ts";
import { settingsPage } from "./settings-page.ts";
import { projectConfig, withSection } from "./settings-project.ts";

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });

/** An environment that has every part, and so every alert. */
const everything = {
  ...{ ha: true, identity: true, keycloak: true, embeddedDirectory: true, kafka: true, capture: true },
  ...{ bulk: true, archive: true, objectStore: true, servers: true, logs: true },
  runbookUrl: "docs/runbooks",
};
const project = readFileSync("Pulumi.yaml", "utf8");
const wanted: Readonly<Record<string, string>> = {
  "Pulumi.yaml": withSection(project, projectConfig()),
  "docs/settings.md": settingsPage(),
  "docs/policies.md": policiesPage(rules),
  "docs/runbooks/README.md": runbooksPage(ruleGroups(everything)),
  [schemaFile]: `${JSON.stringify(eventSchema(), undefined, 2)}\n`,
};

const published = read(schemaFile);
const broken = published === undefined ? [] : incompatibilities(JSON.parse(published), eventSchema());
if (broken.length > 0) {
  console.error(
    `${schemaFile}: ${broken.join("; ")}; allowed: what readers of it need not know of; raise EVENT_VERSION in services/im-events/event.ts`,
  );
  process.exit(1);
}

const stale = Object.entries(wanted).filter(([file, text]) => read(file) !== text);
if (values.check && stale.length > 0) {
  const names = stale.map(([file]) => file).join(" and ");
  console.error(
    `${names}: not what environment/settings, policies/ and alerts say; allowed: what is generated from them; run \`make generate\``,
  );
  process.exitCode = 1;
} else {
  for (const [file, text] of stale) {
    writeFileSync(file, text);
    console.log(`${file}: written`);
  }
  if (stale.length === 0) console.log(`${Object.keys(wanted).join(", ")}: as generated`);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
