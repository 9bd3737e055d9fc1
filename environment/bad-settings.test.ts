import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { goodIdentity } from "./bad-identity.cases.ts";
import { goodObservability } from "./bad-observability.cases.ts";
import { badServers, goodServers } from "./bad-servers.cases.ts";
import { badSettings, goodConfig } from "./bad-settings.cases.ts";
import { unclearAbout } from "./bad-settings.ts";
import { allPaths, parseEnvironment, readSettings, SettingsError } from "./index.ts";

function messageFor(config: Readonly<Record<string, string | undefined>>): string {
  const entries = Object.entries({ ...goodConfig, ...config });
  const set = entries.flatMap(([key, value]): [string, string][] => (value === undefined ? [] : [[key, value]]));
  try {
    parseEnvironment(readSettings(Object.fromEntries(set)));
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return "nothing was refused";
}

describe("the settings", () => {
  it("are accepted where nothing is wrong", () => {
    expect(messageFor({})).toBe("nothing was refused");
  });

  it.each(Object.entries({ ...goodServers, ...goodIdentity, ...goodObservability }))("accept %s", (_, config) => {
    expect(messageFor(config)).toBe("nothing was refused");
  });

  it.each([...badSettings, ...badServers].map((each) => [each.title, each] as const))("refuse %s", (_, bad) => {
    expect(unclearAbout(bad, messageFor(bad.config))).toEqual([]);
  });

  it("are either accepted or refused clearly, whatever stands anywhere", () => {
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom("", "ha", "kubeconfig", "10.0.0.0/8", 443, null),
    );
    const misplaced = fc.dictionary(fc.constantFrom(...allPaths(), "constructor", "__proto__", "a.b"), anything, {
      maxKeys: 6,
    });
    fc.assert(
      fc.property(misplaced, (values) => {
        const message = messageFor(configOf(values));
        if (message === "nothing was refused") return;
        const [, ...problems] = message.split("\n");
        expect(problems.length).toBeGreaterThan(0);
        for (const line of problems) expect(line).toMatch(/^ {2}roost:.+: (not set|got .+); allowed: .+; .+$/);
      }),
      { numRuns: 500 },
    );
  });
});

/** The configuration with each value at its path, in sections as Pulumi has them. */
function configOf(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const sections = new Map<string, unknown>();
  for (const [path, value] of Object.entries(values)) {
    const [section = "", ...inside] = path.split(".");
    const nested = inside.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
    sections.set(`roost:${section}`, nested);
  }
  return Object.fromEntries([...sections].map(([key, value]) => [key, JSON.stringify(value)]));
}
