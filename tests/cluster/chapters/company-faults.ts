import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { WebBrowser } from "../browser.ts";
import { eventually } from "../command.ts";
import type { Pod } from "../kubectl.ts";
import { pods } from "../kubectl.ts";
import type { Person } from "../matrix.ts";
import type { Stage } from "../stage.ts";
import { deletePods, killIn, LOOK_MS, recovered } from "./faults.ts";

const INTERVAL_MS = 100;
const STEADY_MS = 3000;
/** Longest silence of somebody who is signed in already, in seconds: none of these parts is in the way of a message. */
const UNDISTURBED_SECONDS = 3;
const HEALS_WITHIN_SECONDS = 180;

interface CompanyFault {
  readonly part: "keycloak" | "openldap" | "directory-sync";
  readonly title: string;
  readonly act: (victims: readonly Pod[]) => Promise<void>;
}

const MAIN_PROCESS = { keycloak: /java .*keycloak/i, openldap: /slapd/, "directory-sync": /^node / } as const;

const companyFaults: readonly CompanyFault[] = (["keycloak", "openldap", "directory-sync"] as const).flatMap((part) => [
  { part, title: `the pods of ${part} are lost`, act: deletePods },
  {
    part,
    title: `the main process of ${part} is killed`,
    act: (victims: readonly Pod[]) => killIn(victims, MAIN_PROCESS[part]),
  },
]);

/** What people need only to sign in breaks: who is signed in goes on, and who is not can be again. */
export function companyFaultsHeal(stage: Stage): void {
  describe("while people talk", () => {
    let browser: WebBrowser;
    let ada: Person;

    beforeAll(async () => {
      browser = await WebBrowser.start(stage.caFile);
      ada = await stage.signInElsewhere("ada", browser);
      const { roomId } = await stage.homeserver.roomOf("workshop");
      await ada.ask("startTalking", { roomId, intervalMs: INTERVAL_MS, prefix: `${stage.stack.name}-company` });
      await sleep(STEADY_MS);
    });
    afterAll(async () => {
      stage.sendHome();
      await browser?.close();
    });

    it.each(companyFaults)("$title", async ({ part, title, act }) => {
      const selector = `app.kubernetes.io/name=${part}`;
      const before = await pods(stage.namespace, selector);
      expect(before.length).toBeGreaterThan(0);
      const began = Date.now();
      await act(before);
      const healed = async () => (await recovered(stage, selector, before)) || undefined;
      await eventually(`all pods of ${part}`, HEALS_WITHIN_SECONDS, healed, LOOK_MS);
      const signsIn = async () => (await stage.refusal("bob", browser)) === undefined || undefined;
      await eventually("a sign-in", HEALS_WITHIN_SECONDS, signsIn, LOOK_MS);
      const seconds = (Date.now() - began) / 1000;
      const name = `${part.replaceAll("-", "_")}${title.includes("process") ? "_process" : ""}_outage_seconds`;
      stage.record(name, { value: seconds, unit: "s", n: 1, note: `${title}; to the next sign-in` });
      const { at } = await ada.ask("acknowledgements", { since: began - STEADY_MS });
      expect(longestSilence(at)).toBeLessThan(UNDISTURBED_SECONDS);
    });

    it("keeps every acknowledged message", async () => {
      const { acknowledged, waiting } = await ada.ask("stopTalking", { timeoutSeconds: 60 });
      const { roomId } = await stage.homeserver.roomOf("workshop");
      const { bodies } = await ada.ask("history", { roomId });
      expect(waiting).toBe(0);
      expect(acknowledged.filter((body) => !bodies.includes(body))).toEqual([]);
    });
  });
}

/** The longest time between two acknowledgements, in seconds. */
function longestSilence(at: readonly number[]): number {
  const times = [...at].sort((a, b) => a - b);
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time))) / 1000;
}
