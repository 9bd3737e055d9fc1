import { statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { WebClient } from "../browser.ts";
import { WebBrowser } from "../browser.ts";
import type { Stage } from "../stage.ts";
import { ROOM } from "./chat.ts";

/** The same two people, by the web page. */
export function web(stage: Stage): void {
  describe("the web page", () => {
    let browser: WebBrowser;
    let ada: WebClient;
    let bob: WebClient;

    beforeAll(async () => {
      browser = await WebBrowser.start(stage.caFile);
    });
    afterAll(() => browser?.close());

    it("lets two people sign in, with no setting but their passwords", async () => {
      [ada, bob] = await Promise.all([browser.open(stage.outputs.url), browser.open(stage.outputs.url)]);
      for (const [page, name] of [[ada, "ada"] as const, [bob, "bob"] as const]) {
        const { user, password } = await stage.account(name);
        await page.signIn(user, password);
      }
    });

    it("carries messages both ways", async () => {
      await ada.openRoom(ROOM);
      await bob.openRoom(ROOM);
      await ada.say("Hello from the web page");
      await bob.hear("Hello from the web page");
      await bob.say("Hello to you");
      await ada.hear("Hello to you");
      expect(statSync(await ada.screenshot("ada")).size).toBeGreaterThan(5000);
      expect(statSync(await bob.screenshot("bob")).size).toBeGreaterThan(5000);
    });

    it("breaks neither itself nor its own security policy", () => {
      expect([...ada.complaints, ...bob.complaints]).toEqual([]);
    });

    it("is not trusted by a browser that does not have the certificate authority", async () => {
      const stranger = await WebBrowser.start();
      try {
        await expect(stranger.open(stage.outputs.url)).rejects.toThrow("ERR_CERT_AUTHORITY_INVALID");
      } finally {
        await stranger.close();
      }
    });
  });
}
