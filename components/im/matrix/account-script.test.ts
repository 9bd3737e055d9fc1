import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { accountScript } from "./account-script.ts";

interface Account {
  password: string;
  admin: boolean;
  deactivated: boolean;
}

interface Request {
  readonly identifier?: { readonly user: string };
  readonly [key: string]: unknown;
}

// Where there is no Python, Synapse's image still has one: the end-to-end suite runs the program there.
const described = spawnSync("python3", ["--version"]).status === 0 ? describe : describe.skip;

const SECRET = "registration-secret";
const folder = mkdtempSync(join(tmpdir(), "roost-account-"));
const file = (name: string) => join(folder, name);

/** What Synapse answers, as far as the program asks it. */
class Homeserver {
  readonly accounts = new Map<string, Account>();
  /** Answers that come before the proper ones. */
  readonly refusals: number[] = [];
  readonly tokens = new Map<string, string>();

  handle(method: string, path: string, body: Request, token: string): [number, object] {
    const refusal = this.refusals.shift();
    if (refusal !== undefined) return [refusal, { errcode: "M_UNKNOWN", error: "Not now" }];
    const asked = `${method} ${path.replace(/%40([a-z0-9-]+)%3Aexample\.org/, "<$1>")}`;
    const [, user = ""] = asked.match(/<(.*)>/) ?? [];
    switch (asked.replace(/<.*>/, "<user>")) {
      case "GET /_synapse/admin/v1/register":
        return [200, { nonce: "nonce" }];
      case "POST /_synapse/admin/v1/register":
        return this.register(body);
      case "POST /_matrix/client/v3/login":
        return this.login(body);
      case "POST /_matrix/client/v3/logout":
        return [this.tokens.delete(token) ? 200 : 401, {}];
      case "GET /_synapse/admin/v1/users/<user>/admin":
        return this.asAdministrator(token, () => [200, { admin: this.accounts.get(user)?.admin }]);
      case "PUT /_synapse/admin/v2/users/<user>":
        return this.asAdministrator(token, () => {
          Object.assign(this.accounts.get(user) ?? {}, body);
          return [200, {}];
        });
      case "POST /_synapse/admin/v1/deactivate/<user>":
        return this.asAdministrator(token, () => {
          Object.assign(this.accounts.get(user) ?? {}, { deactivated: true });
          return [200, {}];
        });
      default:
        return [404, { errcode: "M_UNRECOGNIZED", error: `${asked} is not known` }];
    }
  }

  private register({ nonce, username, password, admin, mac, inhibit_login }: Request): [number, object] {
    const parts = [nonce, username, password, admin ? "admin" : "notadmin"].join("\0");
    if (mac !== createHmac("sha1", SECRET).update(parts).digest("hex")) return [403, { error: "HMAC incorrect" }];
    if (this.accounts.has(String(username)))
      return [400, { errcode: "M_USER_IN_USE", error: "User ID already taken." }];
    this.accounts.set(String(username), { password: String(password), admin: admin === true, deactivated: false });
    const user_id = `@${username}:example.org`;
    return [200, inhibit_login === true ? { user_id } : { user_id, access_token: this.tokenOf(String(username)) }];
  }

  private login({ identifier, password }: Request): [number, object] {
    const user = identifier?.user ?? "";
    if (this.accounts.get(user)?.password !== password) return [403, { errcode: "M_FORBIDDEN", error: "Invalid" }];
    return [200, { user_id: `@${user}:example.org`, access_token: this.tokenOf(user) }];
  }

  private tokenOf(user: string): string {
    const token = `token-${this.tokens.size}-${user}`;
    this.tokens.set(token, user);
    return token;
  }

  private asAdministrator(token: string, answer: () => [number, object]): [number, object] {
    const user = this.accounts.get(this.tokens.get(token) ?? "");
    return user?.admin ? answer() : [403, { errcode: "M_FORBIDDEN", error: "You are not a server admin" }];
  }
}

let homeserver = new Homeserver();

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = "";
  for await (const chunk of request) text += chunk;
  const token = (request.headers.authorization ?? "").replace("Bearer ", "");
  const body: Request = text === "" ? {} : JSON.parse(text);
  const [status, answer] = homeserver.handle(request.method ?? "", request.url ?? "", body, token);
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
}

function certificate(name: string): { key: Buffer; cert: Buffer } {
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", file(`${name}.key`)];
  execFileSync("openssl", ["req", "-x509", ...key, ...subject, "-out", file(`${name}.crt`)], { stdio: "ignore" });
  return { key: readFileSync(file(`${name}.key`)), cert: readFileSync(file(`${name}.crt`)) };
}

const server = createServer(certificate("server"), serve);
certificate("other");
let url = "";

beforeAll(async () => {
  writeFileSync(file("account.py"), accountScript);
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const address = server.address();
  if (typeof address !== "object") throw new Error("the server listens on no port");
  url = `https://localhost:${address?.port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  homeserver = new Homeserver();
});

interface Outcome {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

interface Run {
  readonly password: string;
  readonly secret?: string;
  readonly authority?: string;
  readonly url?: string;
}

function run(
  words: readonly string[],
  { password, secret = SECRET, authority = "server.crt", ...rest }: Run,
): Promise<Outcome> {
  writeFileSync(file("secret"), `${secret}\n`);
  const connection = ["--url", rest.url ?? url, "--authority", file(authority), "--secret", file("secret")];
  const child = spawn("python3", [file("account.py"), ...connection, "--wait", "5", ...words]);
  let [output, errors] = ["", ""];
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (errors += data));
  child.stdin.end(password);
  return new Promise((resolve) => child.on("close", (status) => resolve({ status, output, errors })));
}

/** Accounts that can be used. */
function usable(): Record<string, Pick<Account, "password" | "admin">> {
  const accounts = [...homeserver.accounts].filter(([, { deactivated }]) => !deactivated);
  return Object.fromEntries(accounts.map(([name, { password, admin }]) => [name, { password, admin }]));
}

described("adding a person", () => {
  it("makes an account with the password from the standard input, and leaves no session", async () => {
    const { status, output } = await run(["ada"], { password: "one\n" });
    expect([status, JSON.parse(output)]).toEqual([0, { user: "@ada:example.org", result: "made" }]);
    expect(usable()).toEqual({ ada: { password: "one", admin: false } });
    expect(homeserver.tokens.size).toBe(0);
  });

  it("refuses an account that there is, and does not touch it", async () => {
    await run(["ada"], { password: "one" });
    const { status, errors } = await run(["ada"], { password: "two" });
    expect([status, errors.trim()]).toEqual([1, "There is an account ada already"]);
    expect(usable()).toEqual({ ada: { password: "one", admin: false } });
  });

  it("gives a new password where that is asked, and leaves no administrator behind", async () => {
    await run(["ada"], { password: "one" });
    const { status, output } = await run(["--existing", "reset", "ada"], { password: "two" });
    expect([status, JSON.parse(output)]).toEqual([0, { user: "@ada:example.org", result: "changed" }]);
    expect(usable()).toEqual({ ada: { password: "two", admin: false } });
  });

  it("says why when the secret is a wrong one", async () => {
    const { status, errors } = await run(["ada"], { password: "one", secret: "wrong" });
    expect([status, errors.trim()]).toEqual([1, "Synapse refused to make ada: HMAC incorrect"]);
  });

  it("sends nothing to a server whose certificate it cannot verify", async () => {
    const { status, errors } = await run(["ada"], { password: "one", authority: "other.crt" });
    expect(status).toBe(1);
    expect(errors).toContain("cannot be verified");
    expect(usable()).toEqual({});
  });
});

described("keeping the administrator", () => {
  const keep = ["--existing", "keep", "--admin", "admin"];
  const result = async (password: string) => JSON.parse((await run(keep, { password })).output).result;

  it("makes it once, and changes nothing afterwards", async () => {
    expect(await result("one")).toBe("made");
    expect(await result("one")).toBe("unchanged");
    expect([...homeserver.accounts.keys()]).toEqual(["admin"]);
    expect(homeserver.tokens.size).toBe(0);
  });

  it("gives it the new password when there is one", async () => {
    await result("one");
    expect(await result("two")).toBe("changed");
    expect(usable()).toEqual({ admin: { password: "two", admin: true } });
  });

  it("makes an administrator of an account that is none", async () => {
    await run(["admin"], { password: "one" });
    expect(await result("one")).toBe("changed");
    expect(usable()).toEqual({ admin: { password: "one", admin: true } });
  });

  it("brings it back when it was deactivated", async () => {
    await result("one");
    homeserver.accounts.set("admin", { password: "", admin: false, deactivated: true });
    expect(await result("one")).toBe("changed");
    expect(usable()).toEqual({ admin: { password: "one", admin: true } });
  });
});

described("a server that is not ready", () => {
  it("is asked again", async () => {
    homeserver.refusals.push(503, 502);
    expect((await run(["ada"], { password: "one" })).status).toBe(0);
  });

  it("is given up when the time is over", async () => {
    const { status, errors } = await run(["--wait", "1", "ada"], { password: "one", url: "https://localhost:1" });
    expect(status).toBe(1);
    expect(errors).toContain("https://localhost:1 did not answer within 1 s");
  });
});
