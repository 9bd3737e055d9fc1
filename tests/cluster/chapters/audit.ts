import { statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "@jest/globals";
import { WebBrowser } from "../browser.ts";
import { attempt } from "../command.ts";
import type { Stage } from "../stage.ts";

/** What an auditor gets of an environment that people use. */
export function audit(stage: Stage): void {
  const out = resolve("build", "audit", stage.stack.name);

  describe("the audit of what runs", () => {
    it("finds every rule met", async () => {
      const state = await stage.stack.exportedWithSecrets();
      try {
        const { code, stdout } = await attempt(process.execPath, ["tools/audit.ts", state.file, "--out", out]);
        expect({ code, stdout }).toMatchObject({ code: 0 });
      } finally {
        state.remove();
      }
    });

    it("is a page that any browser shows, without a network", async () => {
      const browser = await WebBrowser.start();
      try {
        const { page, complaints } = await browser.open(pathToFileURL(resolve(out, "audit.html")).href);
        expect(await page.locator("h1").count()).toBe(1);
        expect(await page.locator("table").count()).toBeGreaterThan(4);
        expect(complaints).toEqual([]);
        const picture = resolve("build", "screenshots", "audit.png");
        await page.screenshot({ path: picture });
        expect(statSync(picture).size).toBeGreaterThan(20_000);
      } finally {
        await browser.close();
      }
    });
  });
}
