/**
 * Records previews for the golden reports: `bootstrap/run node tests/preview-report/record.ts [scenario…]`. Each is a run
 * of the real engine and the real providers on a shipped stack; nothing is typed in by hand. Without names, all are
 * recorded. `--reports` only writes the reports anew, from what is recorded.
 *
 * It ends with an error where a recording or a report holds any secret of the stack's state.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { fixtureReport, fixtureText, writeFixture } from "./fixtures.ts";
import { normalise } from "./normalise.ts";
import { RecordedStack } from "./recorded-stack.ts";
import { type Scenario, scenarios } from "./scenarios.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { reports: { type: "boolean", default: false } },
});
const names = positionals.length > 0 ? positionals : Object.keys(scenarios);
const folder = resolve("tests/preview-report/fixtures");

if (!values.reports) {
  mkdirSync(folder, { recursive: true });
  for (const [purpose, group] of grouped(names)) await recordGroup(purpose, group);
}
for (const name of names) writeFileSync(`${folder}/${name}.md`, fixtureReport(name));

/** Scenarios that begin with the same deployed stack, so that it is deployed once. */
function grouped(all: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of all) {
    const { stack, deployed = "shipped" } = scenarioOf(name);
    const key = `${stack}-${typeof deployed === "string" ? deployed : deployed.join("-")}`;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return groups;
}

function scenarioOf(name: string): Scenario {
  const scenario = scenarios[name];
  if (scenario === undefined)
    throw new Error(`There is no scenario ${name}; there are ${Object.keys(scenarios).join(", ")}`);
  return scenario;
}

async function recordGroup(purpose: string, group: readonly string[]): Promise<void> {
  const [first = ""] = group;
  const { stack: stackName, deployed = "shipped" } = scenarioOf(first);
  const stack = new RecordedStack(stackName, purpose);
  await stack.begin();
  if (deployed !== "nothing") {
    console.error(`deploying ${purpose}…`);
    await stack.update({ alterations: deployed === "shipped" ? [] : deployed, timeoutSeconds: 1800 });
  }
  const secrets = (await stack.secrets()).filter((secret) => secret.length >= 8 && !isCertificate(secret));
  for (const name of group) {
    console.error(`recording ${name}…`);
    const events = await stack.preview(scenarioOf(name));
    writeFixture(name, normalise(events, resolve(".")));
    refuseSecrets(name, secrets);
  }
  stack.remove();
}

/** Certificates are public, also where they lie beside their key. */
function isCertificate(text: string): boolean {
  const plain = text.startsWith("LS0tLS1") ? Buffer.from(text, "base64").toString() : text;
  return plain.startsWith("-----BEGIN CERTIFICATE-----") && !plain.includes("PRIVATE KEY");
}

function refuseSecrets(name: string, secrets: readonly string[]): void {
  const texts = [fixtureText(name), fixtureReport(name)];
  const leaked = secrets.filter((secret) => texts.some((text) => text.includes(secret)));
  if (leaked.length > 0)
    throw new Error(`${name}: ${leaked.length} of ${secrets.length} secrets of the state are in it`);
}
