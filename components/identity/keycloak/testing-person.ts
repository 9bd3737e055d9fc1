/** For tests: a person with a browser without scripts, who reads pages and fills in forms. */
import { createHash, createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:https";

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly location: string | undefined;
  readonly cookies: readonly string[];
}

interface Options {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One request, over TLS with verification, without following where it leads. */
export function ask(
  caFile: string,
  url: string,
  { method = "GET", headers = {}, body }: Options = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const asked = request(url, { method, headers, ca: readFileSync(caFile), timeout: 30_000 }, (response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("end", () =>
      resolve({
        status: response.statusCode ?? 0,
        body: Buffer.concat(chunks).toString(),
        location: response.headers.location,
        cookies: response.headers["set-cookie"] ?? [],
      }),
    );
  });
  asked.on("error", reject);
  asked.on("timeout", () => asked.destroy(new Error(`${url}: no answer`)));
  asked.end(body);
  return promise;
}

const form = { "content-type": "application/x-www-form-urlencoded" } as const;

/** What a relying party gets from the provider. */
export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
}

/** A relying party, as far as sign-in goes. */
export interface RelyingParty {
  readonly clientId: string;
  readonly secret: string;
  readonly redirectUri: string;
}

export class Person {
  private readonly caFile: string;
  private readonly jar = new Map<string, string>();
  private readonly verifier = randomBytes(32).toString("base64url");
  private page: Answer | undefined;
  private readonly language: string;

  constructor(caFile: string, language = "en") {
    this.caFile = caFile;
    this.language = language;
  }

  /** Goes to the page on which one signs in. @param pkce whether the relying party protects the code */
  async open(realmUrl: string, party: RelyingParty, { pkce = true } = {}): Promise<void> {
    const challenge = createHash("sha256").update(this.verifier).digest("base64url");
    const query = new URLSearchParams({
      client_id: party.clientId,
      redirect_uri: party.redirectUri,
      response_type: "code",
      scope: "openid",
      state: "state",
      ...(pkce && { code_challenge: challenge, code_challenge_method: "S256" }),
    });
    await this.follow(`${realmUrl}/protocol/openid-connect/auth?${query}`);
  }

  /** Fills in the page's form. */
  async submit(fields: Readonly<Record<string, string>>): Promise<void> {
    const action = /<form[^>]*action="([^"]+)"/.exec(this.html)?.[1]?.replaceAll("&amp;", "&");
    if (action === undefined) throw new Error(`the page has no form:\n${this.text}`);
    const hidden = [...this.html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
      /name="([^"]*)"/.exec(input)?.[1] ?? "",
      /value="([^"]*)"/.exec(input)?.[1] ?? "",
    ]);
    const body = `${new URLSearchParams({ ...Object.fromEntries(hidden), ...fields })}`;
    await this.follow(action, { method: "POST", body, headers: form });
  }

  async signIn(username: string, password: string): Promise<void> {
    await this.submit({ username, password });
  }

  /** The code with which the provider has sent the browser back, if it has. */
  get code(): string | undefined {
    return this.query?.get("code") ?? undefined;
  }

  /** What the relying party is told that went wrong, if it is. */
  get error(): string | undefined {
    return this.query?.get("error") ?? undefined;
  }

  private get query(): URLSearchParams | undefined {
    const { location } = this.page ?? {};
    return location === undefined ? undefined : new URL(location).searchParams;
  }

  get html(): string {
    return this.page?.body ?? "";
  }

  /** What a person reads. */
  get text(): string {
    const visible = this.html.replace(/<(script|style)[\s\S]*?<\/\1>|<[^>]+>/g, " ");
    return visible.replaceAll("&#39;", "'").replaceAll("&quot;", '"').replace(/\s+/g, " ").trim();
  }

  /** The relying party gives the code for tokens. */
  async redeem(realmUrl: string, party: RelyingParty): Promise<Tokens> {
    if (this.code === undefined) throw new Error(`the person is not signed in, but reads:\n${this.text}`);
    const answer = await token(this.caFile, realmUrl, party, {
      grant_type: "authorization_code",
      code: this.code,
      redirect_uri: party.redirectUri,
      code_verifier: this.verifier,
    });
    if (answer.status !== 200) throw new Error(answer.body);
    return JSON.parse(answer.body);
  }

  private async follow(url: string, options: Options = {}): Promise<void> {
    let [next, how]: [string | undefined, Options] = [url, options];
    const { host } = new URL(url);
    for (let hops = 0; next !== undefined && hops < 10; hops += 1) {
      if (new URL(next).host !== host) return;
      const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join("; ");
      const answer: Answer = await ask(this.caFile, next, {
        ...how,
        headers: { ...how.headers, "accept-language": this.language, ...(cookie && { cookie }) },
      });
      for (const set of answer.cookies) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        if (/max-age=0/i.test(set)) this.jar.delete(name);
        else this.jar.set(name, value);
      }
      this.page = answer;
      next = answer.location === undefined ? undefined : new URL(answer.location, next).href;
      how = {};
    }
  }
}

/** Asks for tokens as the relying party. */
export function token(
  caFile: string,
  realmUrl: string,
  party: Pick<RelyingParty, "clientId" | "secret">,
  parameters: Readonly<Record<string, string>>,
): Promise<Answer> {
  const body = `${new URLSearchParams({ client_id: party.clientId, client_secret: party.secret, ...parameters })}`;
  return ask(caFile, `${realmUrl}/protocol/openid-connect/token`, { method: "POST", headers: form, body });
}

/** What stands in a token. */
export function claimsOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString());
}

/** What an authenticator app shows. @source https://www.rfc-editor.org/rfc/rfc6238 */
export function oneTimePassword(secret: string, seconds = Date.now() / 1000): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return `${(mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000}`.padStart(6, "0");
}

/** Changes a realm by hand, as an administrator does in the console. */
export class ByHand {
  private readonly caFile: string;
  private readonly base: string;
  private readonly token: string;

  private constructor(caFile: string, base: string, token: string) {
    this.caFile = caFile;
    this.base = base;
    this.token = token;
  }

  static async signIn(caFile: string, url: string, realm: string, account: { username: string; password: string }) {
    const body = `${new URLSearchParams({ grant_type: "password", client_id: "admin-cli", ...account })}`;
    const master = `${url}/realms/master/protocol/openid-connect/token`;
    const answer = await ask(caFile, master, { method: "POST", headers: form, body });
    if (answer.status !== 200) throw new Error(answer.body);
    return new ByHand(caFile, `${url}/admin/realms/${realm}`, JSON.parse(answer.body).access_token);
  }

  /** @param path below the realm, or empty for the realm itself */
  get<T = Record<string, unknown>>(path: string): Promise<T> {
    return this.call("GET", path);
  }

  put(path: string, body: unknown): Promise<void> {
    return this.call("PUT", path, body);
  }

  post(path: string, body: unknown = {}): Promise<void> {
    return this.call("POST", path, body);
  }

  delete(path: string): Promise<void> {
    return this.call("DELETE", path);
  }

  private async call(method: string, path: string, body?: unknown) {
    const answer = await ask(this.caFile, `${this.base}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
    return answer.body === "" ? undefined : JSON.parse(answer.body);
  }
}
