/** The pages of the identity provider, as a person meets them. */
import { createHmac } from "node:crypto";
import type { Page } from "playwright-core";
import type { WebBrowser } from "./browser.ts";
import { keepScreenshot } from "./browser.ts";

const SIGN_IN_SECONDS = 30;
const STEP_SECONDS = 30;

/** One person's attempt to sign in. */
export class SignInPage {
  readonly page: Page;
  private readonly target: string;
  private token: string | undefined;

  /** @param target URL at the homeserver that leads to the identity provider */
  constructor(page: Page, target: string) {
    this.page = page;
    this.target = target;
  }

  /**
   * Goes where a client would send the person.
   *
   * @param homeserver URL of the homeserver
   * @param webUrl URL of the web client, which the person is sent back to
   */
  static async open(browser: WebBrowser, homeserver: string, webUrl: string, locale?: string): Promise<SignInPage> {
    const page = await browser.page(locale);
    const target = `${homeserver}/_matrix/client/v3/login/sso/redirect?redirectUrl=${encodeURIComponent(`${webUrl}/`)}`;
    const attempt = new SignInPage(page, target);
    // The web client, which is loaded then, does not use it: it has not sent the person.
    page.on("request", (request) => {
      attempt.token ??= new URL(request.url()).searchParams.get("loginToken") ?? undefined;
    });
    await page.goto(target, { waitUntil: "load" });
    return attempt;
  }

  /** Signs in once more, by the session that the browser has already. @throws Error when it is asked for anything */
  async again(): Promise<string> {
    this.token = undefined;
    await this.page.goto(this.target, { waitUntil: "load" });
    return this.loginToken();
  }

  /** Types name and password. What comes next may be the client, a second factor, or a refusal. */
  async enter(login: string, password: string): Promise<void> {
    await enterPassword(this.page, login, password);
  }

  /** Sets up an app for one-time passwords, as somebody without a camera does. @returns the key that it shows */
  async enrol(): Promise<string> {
    await this.page.locator("#mode-manual").click();
    const key = ((await this.page.locator("#kc-totp-secret-key").textContent()) ?? "").replaceAll(/\s/g, "");
    await this.page.locator("#totp").fill(oneTimePassword(key));
    await this.page.locator("#userLabel").fill("Telephone");
    await this.submit("#saveTOTPBtn");
    return key;
  }

  /** Types what the app shows. */
  async enterCode(code: string): Promise<void> {
    await this.page.locator("#otp").fill(code);
    await this.submit("#kc-login");
  }

  /** What the homeserver gave to the client in the end. @throws Error with what the page says when there is nothing */
  async loginToken(): Promise<string> {
    const deadline = Date.now() + SIGN_IN_SECONDS * 1000;
    while (this.token === undefined && Date.now() < deadline) await this.page.waitForTimeout(100);
    if (this.token === undefined) throw new Error(`not signed in; the page says: ${await this.text()}`);
    return this.token;
  }

  get signedIn(): boolean {
    return this.token !== undefined;
  }

  /** Everything that the page says to the person. */
  async text(): Promise<string> {
    // biome-ignore lint/performance/useDomNodeTextContent: only what is rendered is what a person reads
    return (await this.page.locator("body").innerText()).replaceAll(/\s+/g, " ").trim();
  }

  screenshot(name: string): Promise<string> {
    return keepScreenshot(this.page, name);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  private async submit(button: string): Promise<void> {
    await Promise.all([
      this.page.waitForEvent("load", { timeout: STEP_SECONDS * 1000 }),
      this.page.locator(button).click(),
    ]);
  }
}

/** Fills the form and waits for the page that follows. */
export async function enterPassword(page: Page, login: string, password: string): Promise<void> {
  await page.locator("#username").fill(login);
  await page.locator("#password").fill(password);
  await Promise.all([page.waitForEvent("load", { timeout: STEP_SECONDS * 1000 }), page.locator("#kc-login").click()]);
}

/**
 * What an app shows for a key in base 32: six digits, another each 30 s.
 * @source https://www.rfc-editor.org/rfc/rfc6238
 */
export function oneTimePassword(key: string, at = Date.now()): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac("sha1", fromBase32(key)).update(counter).digest();
  const offset = hash.readUInt8(hash.length - 1) & 0xf;
  const number = (hash.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000;
  return `${number}`.padStart(6, "0");
}

function fromBase32(text: string): Buffer {
  const digits = [...text.toUpperCase()].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter));
  const bits = digits.map((digit) => digit.toString(2).padStart(5, "0")).join("");
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}
