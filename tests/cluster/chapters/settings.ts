import { beforeAll, describe, expect, it } from "@jest/globals";
import { badServers } from "../../../environment/bad-servers.cases.ts";
import { type BadSetting, badSettings, goodConfig } from "../../../environment/bad-settings.cases.ts";
import { unclearAbout } from "../../../environment/bad-settings.ts";
import { parseEnvironment, readSettings } from "../../../environment/index.ts";
import { revisions } from "../kubectl.ts";
import type { Stage } from "../stage.ts";

/** All of them go through the parser that the program has at its door; so many of each list through the engine as well. */
const THROUGH_THE_ENGINE = 3;

/** Bad settings fail before anything is touched. */
export function settings(stage: Stage): void {
  const all = [...badSettings, ...badServers];
  const some = [...sample(badSettings), ...sample(badServers)];

  describe("bad settings", () => {
    let before: { readonly state: unknown; readonly objects: unknown };
    const now = async () => ({
      // A secret is encrypted anew each time that the state is written.
      state: JSON.parse((await stage.stack.exported()).replaceAll(/"ciphertext": "[^"]*"/g, '"ciphertext": ""'))
        .deployment.resources,
      objects: await revisions(stage.namespace),
    });

    beforeAll(async () => {
      before = await now();
    });

    it("are refused one and all, with a message that says where, what, and what to do", () => {
      const unclear = all
        .map((bad) => ({ title: bad.title, problems: unclearAbout(bad, refusal(merged(bad.config))) }))
        .filter(({ problems }) => problems.length > 0);
      stage.record("bad_settings_tried", { value: all.length, unit: "count", n: 1 });
      stage.record("bad_settings_unclear", { value: unclear.length, unit: "count", n: 1 });
      expect(all.length).toBeGreaterThanOrEqual(120);
      expect(unclear).toEqual([]);
    });

    it.each(some)("stop an update: $title", async (bad) => {
      const config = Object.entries(merged(bad.config)).map(([key, value]) => [
        key.replace(/^roost:/, ""),
        plain(value),
      ]);
      stage.stack.configure(Object.fromEntries(config));
      try {
        const { code, stdout, stderr } = await stage.stack.attemptUp();
        expect(code).not.toBe(0);
        expect(unclearAbout(bad, `${stdout}\n${stderr}`)).toEqual([]);
      } finally {
        stage.stack.configure(stage.settings);
      }
    });

    it("have changed nothing, neither in the state nor in the cluster", async () => {
      expect(await now()).toEqual(before);
    });
  });
}

/** A few from the whole length of the list. */
function sample(bad: readonly BadSetting[]): readonly BadSetting[] {
  const every = Math.ceil(bad.length / THROUGH_THE_ENGINE);
  return bad.filter((_, index) => index % every === 0);
}

function merged(config: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries({ ...goodConfig, ...config });
  return Object.fromEntries(
    entries.flatMap(([key, value]): [string, string][] => (value === undefined ? [] : [[key, value]])),
  );
}

function refusal(config: Readonly<Record<string, string>>): string {
  try {
    parseEnvironment(readSettings(config));
    return "nothing was refused";
  } catch (error) {
    return String(error);
  }
}

/** A settings file has objects and lists where the program gets their text. */
function plain(text: string): unknown {
  return /^[[{]/.test(text) ? JSON.parse(text) : text;
}
