import { statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { WebClient } from "../browser.ts";
import { WebBrowser } from "../browser.ts";
import { LOCKED_AFTER } from "../company.ts";
import { askJson } from "../requests.ts";
import { enterPassword, oneTimePassword, SignInPage } from "../sign-in-page.ts";
import type { Stage } from "../stage.ts";

/** One account for everyone: in at the organisation's page, or told why not. */
export function companySignIn(stage: Stage): void {
  describe("people of the directory", () => {
    let browser: WebBrowser;
    let ada: WebClient;
    let bob: WebClient;

    const attempt = (locale?: string) => SignInPage.open(browser, stage.outputs.homeserver, stage.outputs.url, locale);

    /** What somebody reads who is not let in. */
    async function refusal(name: string, password: string, picture?: string, locale?: string): Promise<string> {
      const page = await attempt(locale);
      try {
        await page.enter(name, password);
        expect(page.signedIn).toBe(false);
        if (picture !== undefined) await page.screenshot(picture);
        return await page.text();
      } finally {
        await page.close();
      }
    }

    beforeAll(async () => {
      browser = await WebBrowser.start(stage.caFile);
    });
    afterAll(() => browser?.close());

    it("sign in on the web page with their company account, and are asked for no other password", async () => {
      [ada, bob] = await Promise.all([browser.open(stage.outputs.url), browser.open(stage.outputs.url)]);
      for (const [client, name] of [[ada, "ada"] as const, [bob, "bob"] as const]) {
        const { user, password } = await stage.account(name);
        await client.page.locator(".StartSSOLoginView_button").waitFor();
        expect(await client.page.locator("#password").count()).toBe(0);
        await client.signInElsewhere(async (page) => {
          await page.locator("#kc-login").waitFor();
          if (name === "ada") await client.screenshot("company-sign-in");
          await enterPassword(page, user, password);
        });
      }
    });

    it("find the rooms that their groups give them, and chat there", async () => {
      for (const client of [ada, bob]) await client.openRoom("Workshop");
      await ada.say("Who has the big wrench?");
      await bob.hear("Who has the big wrench?");
      await bob.say("Here, on the bench.");
      await ada.hear("Here, on the bench.");
      expect(statSync(await ada.screenshot("company-chat")).size).toBeGreaterThan(5000);
      expect([...ada.complaints, ...bob.complaints]).toEqual([]);
    });

    it("have a second factor when they are administrators: set up at the first sign-in, asked for at the next", async () => {
      const { user, password } = await stage.account("grace");
      const first = await attempt();
      await first.enter(user, password);
      expect(first.signedIn).toBe(false);
      await first.screenshot("company-second-factor");
      const key = await first.enrol();
      const grace = await stage.clientOf("grace", await first.loginToken());
      expect(await grace.ask("session", {})).toEqual({ state: "signed in" });
      await first.close();

      const second = await attempt();
      await second.enter(user, password);
      await second.enterCode("000000");
      expect(second.signedIn).toBe(false);
      await second.enterCode(oneTimePassword(key, Date.now() + 30_000));
      await second.loginToken();
      await second.close();
    });

    it("are told what is wrong, in words that say what to do", async () => {
      const { password } = await stage.account("bob");
      expect(await refusal("bob", "a guess", "company-wrong-password")).toMatch(/user name and password/i);
      expect(await refusal("bob", "ein Versuch", undefined, "de-DE")).toMatch(/Passwort/);
      expect(await refusal("nobody", password)).toMatch(/user name and password/i);
      const disabled = await stage.account("dora");
      expect(await refusal("dora", disabled.password, "company-disabled")).toMatch(/shut/i);
      const expired = await stage.account("erik");
      expect(await refusal("erik", expired.password)).toMatch(/expired|shut/i);
      const visitor = await stage.account("gus");
      expect(await refusal("gus", visitor.password, "company-not-allowed")).toMatch(
        /not (been )?allowed|may not|no access/i,
      );
    });

    it("are locked out for a while by whoever guesses their password, and told so", async () => {
      const { password } = await stage.account("mei");
      for (let guess = 0; guess < LOCKED_AFTER; guess++) await refusal("mei", `guess ${guess}`);
      expect(await refusal("mei", password, "company-locked")).toMatch(/locked|try again/i);
    });

    it("cannot go around that page with a password at the homeserver", async () => {
      const { user, password } = await stage.account("ada");
      const identifier = { type: "m.id.user", user };
      const { status } = await askJson(stage.urlOf(stage.homeserverHost, "/_matrix/client/v3/login"), {
        caFile: stage.caFile,
        json: { type: "m.login.password", identifier, password },
      });
      expect(status).toBe(403);
    });
  });
}
