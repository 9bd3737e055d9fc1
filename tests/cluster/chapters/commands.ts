import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "@jest/globals";
import { WebBrowser } from "../browser.ts";
import { eventually } from "../command.ts";
import { ask } from "../requests.ts";
import type { Stage } from "../stage.ts";

/** What operators ask of an environment that runs: `make status`, `make logs`, `make tune`, `make dashboard`. */
export function commands(stage: Stage): void {
  const { stack } = stage;

  describe("the commands of operators", () => {
    it("say that all is ready", async () => {
      expect(await stack.ask("status")).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("The environment is ready."),
      });
    });

    it("find lines in the logs, and say when there are none", async () => {
      const marker = `asked-${randomUUID()}`;
      const { caFile } = stage;
      expect((await ask(stage.urlOf(stage.homeserverHost, `/_matrix/client/v3/${marker}`), { caFile })).status).toBe(
        404,
      );
      const found = await eventually("the request to be in the logs", 60, async () => {
        const answer = await stack.ask("logs", "--component", "edge", "--text", marker, "--since", "5m");
        return answer.code === 1 ? undefined : answer;
      });
      expect(found).toMatchObject({ code: 0, stdout: expect.stringContaining(marker) });
      expect(await stack.ask("logs", "--text", randomUUID())).toMatchObject({ code: 1 });
    });

    it("compare the plan with what was measured", async () => {
      const { code, stdout, stderr } = await stack.ask("tune", "--json");
      // One more than it may be is said by a 2, with the reason.
      expect({ code, said: code < 2 ? "" : stderr }).toEqual({ code: expect.any(Number), said: "" });
      const { advice }: { advice: { verdict: string }[] } = JSON.parse(stdout);
      expect(advice.length).toBeGreaterThan(5);
      // So young an environment gives nothing to take away by.
      expect(advice.filter(({ verdict }) => verdict === "too large")).toEqual([]);
    });

    it("draw a dashboard without a Grafana", async () => {
      expect(await stack.ask("dashboard", "overview", "--since", "15m")).toMatchObject({ code: 0 });
      const browser = await WebBrowser.start();
      try {
        const drawn = stack.written("build/dashboards/overview.html");
        const { page, complaints } = await browser.open(pathToFileURL(drawn).href);
        expect(await page.locator("body").textContent()).toContain("Messages that arrived within 2 s");
        expect(await page.locator("svg").count()).toBeGreaterThan(0);
        expect(complaints).toEqual([]);
        const picture = resolve("build", "screenshots", "overview.png");
        mkdirSync(dirname(picture), { recursive: true });
        await page.screenshot({ path: picture, fullPage: true });
      } finally {
        await browser.close();
      }
    });
  });
}
