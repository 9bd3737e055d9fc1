import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { command } from "./command.ts";

const SCREENSHOTS = resolve("build", "screenshots");

/** A browser with a home of its own, which trusts the private authority as a person's does after importing it. */
export class WebBrowser {
  private readonly browser: Browser;
  private readonly home: string;

  private constructor(browser: Browser, home: string) {
    this.browser = browser;
    this.home = home;
  }

  /** @param caFile the authority's certificate in PEM. @default none: only public authorities are trusted */
  static async start(caFile?: string): Promise<WebBrowser> {
    const home = resolve("build", `browser-${randomUUID()}`);
    if (caFile !== undefined) await importAuthority(join(home, ".pki", "nssdb"), caFile);
    const browser = await chromium.launch({
      executablePath: "/usr/bin/chromium",
      env: { ...process.env, HOME: home },
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--no-proxy-server",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
    return new WebBrowser(browser, home);
  }

  /** Opens the web client in a profile of its own. */
  async open(url: string): Promise<WebClient> {
    const page = await this.page();
    await page.goto(url, { waitUntil: "load" });
    return new WebClient(page);
  }

  /** An empty page in a profile of its own. @param locale what its user reads */
  async page(locale = "en-GB"): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width: 1100, height: 760 }, locale });
    return context.newPage();
  }

  async close(): Promise<void> {
    await this.browser.close();
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** The web client as a person uses it: Hydrogen, by what it shows. */
export class WebClient {
  readonly page: Page;
  /** What the page complained about: errors of its own, and what its security policy refused. */
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) this.complaints.push(message.text());
    });
  }

  async signIn(user: string, password: string): Promise<void> {
    await this.page.locator("#username").fill(user);
    await this.page.locator("#password").fill(password);
    await this.page.locator(".PasswordLoginView button[type=submit]").click();
    await this.page.locator(".LeftPanel").waitFor({ timeout: 60_000 });
  }

  /** Signs in where the organisation does. */
  async signInElsewhere(enter: (page: Page) => Promise<void>): Promise<void> {
    await this.page.locator(".StartSSOLoginView_button").click();
    await enter(this.page);
    await this.page.locator(".LeftPanel").waitFor({ timeout: 60_000 });
  }

  async openRoom(name: string): Promise<void> {
    await this.page.locator(".RoomList a", { hasText: name }).first().click();
    await this.page.locator(".MessageComposer_input textarea").waitFor();
  }

  async say(text: string): Promise<void> {
    const composer = this.page.locator(".MessageComposer_input textarea");
    await composer.fill(text);
    await composer.press("Enter");
  }

  async hear(text: string): Promise<void> {
    await this.page.locator(".Timeline_messageBody", { hasText: text }).first().waitFor({ timeout: 30_000 });
  }

  /** Keeps a picture of the page in `build/screenshots/`. */
  screenshot(name: string): Promise<string> {
    return keepScreenshot(this.page, name);
  }
}

/** Keeps a picture of the page in `build/screenshots/`. @returns where */
export async function keepScreenshot(page: Page, name: string): Promise<string> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const path = join(SCREENSHOTS, `${name}.png`);
  await page.screenshot({ path });
  return path;
}

/** Puts the certificate where Chromium looks for the authorities that its user trusts. */
async function importAuthority(database: string, caFile: string): Promise<void> {
  mkdirSync(database, { recursive: true });
  await command("certutil", ["-d", `sql:${database}`, "-N", "--empty-password"]);
  await command("certutil", ["-d", `sql:${database}`, "-A", "-t", "C,,", "-n", "environment", "-i", caFile]);
}
