/** Single sign-on on a real Synapse, with an identity provider that says what a test wants it to say. */
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { signInRules } from "./testing.ts";
import { TestProvider } from "./testing-provider.ts";
import type { Answer } from "./testing-synapse.ts";
import { TestSynapse } from "./testing-synapse.ts";

jest.setTimeout(180_000);

const MIB = 1024 * 1024;
const WEB = "https://chat.example.org/";
const PASSWORD = "correct horse battery staple";

let synapse: TestSynapse;
let provider: TestProvider;
/** Token of the break-glass administrator. */
let admin: string;

const ada = {
  directory_id: "key-of-ada",
  preferred_username: "ada",
  name: "Ada Lovelace",
  groups: ["staff"],
  sid: "s1",
};

beforeAll(async () => {
  synapse = await TestSynapse.prepare();
  provider = new TestProvider(synapse.certificate);
  await provider.start();
  const { connection, clientSecret } = provider;
  await synapse.start({ connection, rules: signInRules, passwordUsers: ["@admin:example.org"] }, clientSecret);
  await synapse.makeAccount("admin", PASSWORD, true);
  admin = JSON.parse((await passwordSignIn("admin")).text).access_token;
});
afterAll(async () => {
  await synapse?.stop();
  provider?.stop();
});

function passwordSignIn(user: string): Promise<Answer> {
  const identifier = { type: "m.id.user", user };
  const body = { type: "m.login.password", identifier, password: PASSWORD };
  return synapse.ask("/_matrix/client/v3/login", { method: "POST", body });
}

/** What a browser is answered when it comes back from the provider. */
async function comeBack(claims: Readonly<Record<string, unknown>>): Promise<Answer> {
  const path = `/_matrix/client/v3/login/sso/redirect/oidc-company?redirectUrl=${encodeURIComponent(WEB)}`;
  const sent = await synapse.ask(path);
  expect(sent.status).toBe(302);
  const address = new URL(sent.headers.location ?? "");
  const code = provider.signIn(address, claims);
  const state = address.searchParams.get("state") ?? "";
  const cookie = (sent.headers["set-cookie"] ?? []).map((each) => each.split(";")[0]).join("; ");
  return synapse.ask(`/_synapse/client/oidc/callback?${new URLSearchParams({ code, state })}`, { headers: { cookie } });
}

interface Session {
  readonly user_id: string;
  readonly access_token: string;
}

async function signIn(claims: Readonly<Record<string, unknown>>): Promise<Session> {
  const back = await comeBack(claims);
  expect([back.status, back.text.slice(0, 500)]).toEqual([302, expect.anything()]);
  const address = new URL(back.headers.location ?? "");
  expect(address.origin + address.pathname).toBe(WEB);
  const body = { type: "m.login.token", token: address.searchParams.get("loginToken") };
  const answer = await synapse.ask("/_matrix/client/v3/login", { method: "POST", body });
  expect(answer.status).toBe(200);
  return JSON.parse(answer.text);
}

const change = (user: string, body: object) =>
  synapse.ask(`/_synapse/admin/v2/users/${encodeURIComponent(user)}`, { method: "PUT", token: admin, body });
const createRoom = (token: string) =>
  synapse.ask("/_matrix/client/v3/createRoom", { method: "POST", token, body: { preset: "private_chat" } });
const upload = (token: string, bytes: number) =>
  synapse.ask("/_matrix/media/v3/upload", { method: "POST", token, body: Buffer.alloc(bytes) });
const whoami = (token: string) => synapse.ask("/_matrix/client/v3/account/whoami", { token });

describe("a person who signs in at the provider", () => {
  it("gets an account by the name with which they sign in, and the name that others read", async () => {
    const { user_id, access_token } = await signIn(ada);
    expect(user_id).toBe("@ada:example.org");
    const profile = await synapse.ask(`/_matrix/client/v3/profile/${user_id}`, { token: access_token });
    expect(JSON.parse(profile.text)).toMatchObject({ displayname: "Ada Lovelace" });
  });

  it("keeps the account under another name", async () => {
    expect((await signIn({ ...ada, preferred_username: "ada.king", name: "Ada King" })).user_id).toBe(
      "@ada:example.org",
    );
  });

  it("does not get the account of another person of that name", async () => {
    expect((await signIn({ ...ada, directory_id: "key-of-another" })).user_id).toBe("@ada1:example.org");
  });

  it("does not get the break-glass account by its name", async () => {
    const { user_id } = await signIn({ ...ada, directory_id: "key-of-admin", preferred_username: "admin" });
    expect(user_id).toBe("@admin1:example.org");
  });

  it("cannot give themself another name than the directory's", async () => {
    const { user_id, access_token: token } = await signIn(ada);
    const path = `/_matrix/client/v3/profile/${user_id}/displayname`;
    const answer = await synapse.ask(path, { method: "PUT", token, body: { displayname: "Charles Babbage" } });
    expect(answer.status).toBe(403);
  });
});

describe("a person who may not sign in", () => {
  it.each([
    ["is in none of the groups", { groups: ["visitors"] }],
    ["is in no group", { groups: [] }],
    ["comes without groups", { groups: undefined }],
    ["is not from the directory", { directory_id: undefined }],
  ])("because they are told why: who %s", async (_, claims) => {
    const { status, text } = await comeBack({ ...ada, ...claims });
    expect([status, text]).toEqual([400, expect.stringContaining("You may not use this chat")]);
  });

  it("because the account is shut is told so", async () => {
    const { user_id, access_token } = await signIn({
      ...ada,
      directory_id: "key-of-leaver",
      preferred_username: "leaver",
    });
    expect((await change(user_id, { deactivated: true })).status).toBe(200);
    expect((await whoami(access_token)).status).toBe(401);
    const { status, text } = await comeBack({ ...ada, directory_id: "key-of-leaver" });
    expect([status, text]).toEqual([403, expect.stringContaining("Your account is shut")]);
  });

  it("because the sign-in is too old begins again", async () => {
    const { status, text } = await synapse.ask("/_synapse/client/oidc/callback?code=old&state=old");
    expect([status, text]).toEqual([400, expect.stringContaining("This sign-in is over")]);
    expect(text).toContain(`href="${WEB}"`);
  });
});

describe("a password", () => {
  it("opens the break-glass account", async () => {
    expect((await passwordSignIn("admin")).status).toBe(200);
  });

  it("opens no other account that has one, and says what to do instead", async () => {
    await synapse.makeAccount("mallory", PASSWORD, true);
    const { status, text } = await passwordSignIn("mallory");
    expect([status, JSON.parse(text)]).toEqual([
      403,
      { errcode: "M_FORBIDDEN", error: "Sign in with your organisation's account: passwords are not taken here" },
    ]);
  });
});

describe("the break-glass administrator's call of the administration API", () => {
  const call = (password: string, method: string, path: string, body?: string) =>
    synapse.administer("admin", password, method, path, body);

  it("is made and answered, and leaves no session", async () => {
    const devices = `/_synapse/admin/v2/users/${encodeURIComponent("@admin:example.org")}/devices`;
    const before: string[] = JSON.parse((await synapse.ask(devices, { token: admin })).text).devices;
    const user = encodeURIComponent("@mallory:example.org");
    await call(PASSWORD, "PUT", `/_synapse/admin/v2/users/${user}`, JSON.stringify({ locked: true }));
    expect(JSON.parse(await call(PASSWORD, "GET", `/_synapse/admin/v2/users/${user}`))).toMatchObject({ locked: true });
    expect(JSON.parse((await synapse.ask(devices, { token: admin })).text).devices).toHaveLength(before.length);
  });

  it("fails with what Synapse says", async () => {
    await expect(call("wrong", "GET", "/_synapse/admin/v1/rooms")).rejects.toThrow("admin cannot sign in");
    await expect(call(PASSWORD, "GET", "/_synapse/admin/v1/nothing")).rejects.toThrow(
      "/_synapse/admin/v1/nothing: 404",
    );
  });
});

describe("the type of an account", () => {
  const newcomer = { ...ada, directory_id: "key-of-newcomer", preferred_username: "newcomer" };

  it("gives the least rights while there is none yet", async () => {
    const { access_token: token } = await signIn(newcomer);
    const refused = await createRoom(token);
    expect([refused.status, JSON.parse(refused.text).error]).toEqual([
      403,
      "Your groups do not allow you to create rooms",
    ]);
    expect((await upload(token, 10 * MIB + 1)).status).toBe(413);
    expect((await upload(token, 10 * MIB)).status).toBe(200);
  });

  it("gives its rights at once, and takes them at once", async () => {
    const { user_id, access_token: token } = await signIn(newcomer);
    expect((await change(user_id, { user_type: "member-rooms-50" })).status).toBe(200);
    expect((await createRoom(token)).status).toBe(200);
    expect((await upload(token, 10 * MIB + 1)).status).toBe(200);
    const config = await synapse.ask("/_matrix/client/v1/media/config", { token });
    expect(JSON.parse(config.text)).toEqual({ "m.upload.size": 50 * MIB });
    expect((await change(user_id, { user_type: "member-10" })).status).toBe(200);
    expect((await createRoom(token)).status).toBe(403);
    expect((await upload(token, 10 * MIB + 1)).status).toBe(413);
  });

  it("that is not in the settings is refused by Synapse", async () => {
    expect((await change("@newcomer:example.org", { user_type: "member-rooms-4000" })).status).toBe(400);
  });

  it("does not bind administrators", async () => {
    expect((await createRoom(admin)).status).toBe(200);
    expect((await upload(admin, 10 * MIB + 1)).status).toBe(200);
  });
});

describe("a session that has ended at the provider", () => {
  const logOut = (logout_token: string) =>
    synapse.ask("/_synapse/client/oidc/backchannel_logout", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ logout_token }).toString(),
    });

  it("ends in Matrix too, and no other one", async () => {
    const [one, other] = [await signIn({ ...ada, sid: "one" }), await signIn({ ...ada, sid: "other" })];
    expect((await logOut(provider.logoutToken("one"))).status).toBe(200);
    expect((await whoami(one.access_token)).status).toBe(401);
    expect((await whoami(other.access_token)).status).toBe(200);
  });

  it("is not ended by whoever only says so", async () => {
    const { access_token } = await signIn({ ...ada, sid: "still" });
    const [head, , signature] = provider.logoutToken("other").split(".");
    const [, body] = provider.logoutToken("still").split(".");
    expect((await logOut(`${head}.${body}.${signature}`)).status).toBe(400);
    expect((await whoami(access_token)).status).toBe(200);
  });
});
