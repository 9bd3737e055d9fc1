import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { RealmSpecification } from "../../../services/keycloak-realm/specification.ts";
import { eventually } from "../../../tests/contained.ts";
import { recordFigure } from "../../../tests/figures.ts";
import type { TestDirectory } from "../directory/testing.ts";
import { group, passwordOf, person, startDirectory } from "../directory/testing.ts";
import type { RealmArgs } from "./realm/index.ts";
import { realmSpecification } from "./realm/index.ts";
import { realmName } from "./realm/names.ts";
import type { TestNode } from "./testing.ts";
import { clientSecret, TestKeycloak } from "./testing.ts";
import type { RelyingParty } from "./testing-person.ts";
import { ask, ByHand, claimsOf, oneTimePassword, Person, token } from "./testing-person.ts";

const lockout = { failures: 4, minutes: 15 };
type Found = Readonly<Record<string, unknown>>;

const parties = { chat: party("chat"), graphs: party("graphs") } as const;

// A busy machine hashes and signs slowly.
jest.setTimeout(60_000);

let directory: TestDirectory;
let keycloak: TestKeycloak;
let first: TestNode;
let told: Server;
const logouts: string[] = [];
let args: RealmArgs;
let specification: RealmSpecification;
let seconds: Record<string, number>;

beforeAll(async () => {
  directory = await startDirectory({
    people: {
      ada: person("Ada", "Lovelace", ["engineers"]),
      grace: { ...person("Grace", "Hopper", ["it"]), mail: "grace@example.org" },
      mallory: person("Mallory", "Outside"),
      locked: person("Lo", "Cked", ["staff"]),
      gone: { ...person("Dis", "Abled", ["staff"]), disabled: true },
      kurt: person("Kurt", "Gödel", ["staff"]),
    },
    groups: { staff: group("engineers", "it"), engineers: group(), it: group(), 研发: group() },
  });
  const { bindPassword, bindDn, url, peopleDn, groupsDn, caFile } = directory.connection("keycloak");
  keycloak = new TestKeycloak({
    directoryCaFile: caFile,
    bindPassword,
    clients: Object.keys(parties),
    replicas: 2,
    lockout,
  });
  await keycloak.prepare();
  told = await backchannel(keycloak.folder);
  const address = told.address();
  const port = typeof address === "object" ? address?.port : undefined;
  args = {
    title: "Example",
    directory: {
      urls: [url],
      bindDn,
      schema: "openldap",
      peopleDn,
      groupsDn,
      pageSize: 3,
      nestedGroups: true,
    },
    clients: {
      chat: {
        title: "Chat",
        redirectUris: [parties.chat.redirectUri],
        groups: ["staff"],
        backchannelLogoutUri: `https://localhost:${port}/logout`,
      },
      graphs: { title: "Graphs", redirectUris: [parties.graphs.redirectUri] },
    },
    administrators: ["it"],
    groups: ["engineers"],
    secondFactor: "administrators",
    sessions: { idleMinutes: 60, maxHours: 12 },
    lockout,
  };
  specification = realmSpecification(args);
  const started = Date.now();
  first = await keycloak.startNode();
  const ready = Date.now();
  await keycloak.reconcile(specification);
  seconds = { start: (ready - started) / 1000, realm: (Date.now() - ready) / 1000 };
}, 900_000);

afterAll(async () => {
  told?.close();
  await keycloak?.stop();
  await directory?.stop();
}, 60_000);

describe("the realm", () => {
  it("is there from an empty database, and stays as it is when it is declared again", async () => {
    recordFigure("e2e", "keycloak_start_seconds", {
      value: seconds.start ?? 0,
      unit: "s",
      n: 1,
      note: "empty database",
    });
    recordFigure("e2e", "keycloak_realm_seconds", { value: seconds.realm ?? 0, unit: "s", n: 1 });
    const lines = await keycloak.reconcile(specification);
    expect(lines).toEqual([expect.objectContaining({ event: "realm reconciled", changes: 0 })]);
  }, 240_000);

  it("keeps what administrators may change, and restores what is ours", async () => {
    const admin = await administrator();
    await admin.put("", { displayName: "Ours now", bruteForceProtected: false, passwordPolicy: "length(3)" });
    const [chat] = await admin.get<Found[]>("/clients?clientId=chat");
    const loosened = { redirectUris: ["https://anywhere.example.org/*"], directAccessGrantsEnabled: true };
    await admin.put(`/clients/${chat?.id}`, { ...chat, ...loosened, description: "Kept" });
    await admin.post("/clients", { clientId: "by-hand", publicClient: true });
    const { browserFlow } = await admin.get("");
    const executions = `/authentication/flows/${encodeURIComponent(String(browserFlow))}/executions`;
    const otp = (await admin.get<Found[]>(executions)).find(({ providerId }) => providerId === "auth-otp-form");
    await admin.put(executions, { ...otp, requirement: "DISABLED" });

    const lines = await keycloak.reconcile(specification);
    expect(lines).toContainEqual(
      expect.objectContaining({
        event: "realm restored",
        what: `realm ${realmName}`,
        parts: expect.arrayContaining(["bruteForceProtected", "passwordPolicy"]),
      }),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({ what: "client chat", parts: expect.arrayContaining(["redirectUris"]) }),
    );
    const realm = await admin.get("");
    expect(realm).toMatchObject({ displayName: "Ours now", bruteForceProtected: true });
    const [mended] = await admin.get<Found[]>("/clients?clientId=chat");
    expect(mended).toMatchObject({
      description: "Kept",
      directAccessGrantsEnabled: false,
      redirectUris: [parties.chat.redirectUri],
    });
    expect(await admin.get("/clients?clientId=by-hand")).toHaveLength(1);
    const flow = encodeURIComponent(String(realm.browserFlow));
    const steps = await admin.get<Found[]>(`/authentication/flows/${flow}/executions`);
    expect(steps.filter(({ requirement }) => requirement === "DISABLED")).toEqual([]);
    expect((await keycloak.reconcile(specification)).at(-1)).toMatchObject({ changes: 0 });
  }, 240_000);

  it("leaves the reconciler no right on other realms, and the first account is gone", async () => {
    const secret = "bootstrap-long-random-secret";
    const grant = { grant_type: "client_credentials" };
    const answer = await token(
      keycloak.caFile,
      `${first.url}/realms/master`,
      { clientId: "roost-bootstrap", secret },
      grant,
    );
    expect(answer.status).toBe(401);
    const party = { clientId: "roost-reconciler", secret: "reconcilers-long-random-secret" };
    const { access_token } = JSON.parse((await token(keycloak.caFile, realmUrl(), party, grant)).body);
    const headers = { authorization: `Bearer ${access_token}` };
    expect((await ask(keycloak.caFile, `${first.url}/admin/realms/master`, { headers })).status).toBe(403);
    expect((await ask(keycloak.caFile, `${first.url}/admin/realms/${realmName}`, { headers })).status).toBe(200);
  });
});

describe("sign-in", () => {
  it("gives a relying party the directory's own key, the groups of groups, and the name", async () => {
    const ada = new Person(keycloak.caFile);
    await ada.open(realmUrl(), parties.chat);
    await ada.signIn("ada", passwordOf("ada"));
    const claims = claimsOf((await ada.redeem(realmUrl(), parties.chat)).id_token);
    expect(claims).toMatchObject({
      iss: realmUrl(),
      directory_id: await entryUuid("ada"),
      preferred_username: "ada",
      name: "Ada Lovelace",
    });
    expect(claims.groups).toEqual(expect.arrayContaining(["staff", "engineers"]));
    expect(claims.groups).not.toContain("it");
  });

  it.each([
    // Different people: one who tries again within a second is taken for a program, and locked for a minute.
    ["en", "ada", "This user name and password do not go together"],
    ["de", "kurt", "Benutzername und Passwort passen nicht zusammen"],
    ["zh-CN", "mallory", "用户名与密码不匹配"],
  ])("tells who has a wrong password so, in %s", async (language, login, words) => {
    const ada = new Person(keycloak.caFile, language);
    await ada.open(realmUrl(), parties.chat);
    await ada.signIn(login, "not it");
    expect(ada.text).toContain(words);
    expect(ada.code).toBeUndefined();
  });

  it("tells who is in none of its groups so, also with a session from elsewhere", async () => {
    const mallory = new Person(keycloak.caFile);
    await mallory.open(realmUrl(), parties.graphs);
    await mallory.signIn("mallory", passwordOf("mallory"));
    expect(mallory.code).toBeDefined();
    await mallory.open(realmUrl(), parties.chat);
    expect(mallory.code).toBeUndefined();
    expect(mallory.text).toContain("your account may not use Chat: it is in none of the groups that may");
  });

  it("locks an account after too many wrong passwords, and says so", async () => {
    const guesser = new Person(keycloak.caFile);
    await guesser.open(realmUrl(), parties.chat);
    for (let tries = 0; tries < lockout.failures; tries += 1) await guesser.signIn("locked", `guess ${tries}`);
    await guesser.signIn("locked", passwordOf("locked"));
    expect(guesser.code).toBeUndefined();
    expect(guesser.text).toContain("locked for a while");
  }, 60_000);

  it("refuses whose account the directory has shut", async () => {
    const gone = new Person(keycloak.caFile);
    await gone.open(realmUrl(), parties.chat);
    await gone.signIn("gone", passwordOf("gone"));
    expect(gone.code).toBeUndefined();
    expect(gone.text).toMatch(/expired or been shut|has been shut/);
  });

  it("asks an administrator for a second factor: to set it up, and then each time", async () => {
    const grace = new Person(keycloak.caFile);
    await grace.open(realmUrl(), parties.chat);
    await grace.signIn("grace", passwordOf("grace"));
    expect(grace.code).toBeUndefined();
    expect(grace.html).toContain("data:image/png;base64,");
    const secret = /name="totpSecret"[^>]*value="([^"]+)"/.exec(grace.html)?.[1] ?? "";
    await grace.submit({ totp: oneTimePassword(secret), totpSecret: secret, userLabel: "phone" });
    expect(grace.code).toBeDefined();

    const again = new Person(keycloak.caFile);
    await again.open(realmUrl(), parties.chat);
    await again.signIn("grace", passwordOf("grace"));
    expect(again.code).toBeUndefined();
    await again.submit({ otp: "000000" });
    expect(again.text).toContain("This code is not right");
    // No code counts twice; the one that is next is taken already.
    await again.submit({ otp: oneTimePassword(secret, Date.now() / 1000 + 30) });
    expect(again.code).toBeDefined();
  });

  it("wants PKCE, exact addresses, and passwords on its own pages only", async () => {
    const ada = new Person(keycloak.caFile);
    await ada.open(realmUrl(), parties.chat, { pkce: false });
    expect(ada.error).toBe("invalid_request");
    await ada.open(realmUrl(), { ...parties.chat, redirectUri: `${parties.chat.redirectUri}/x` });
    expect(ada.text).toContain("Invalid parameter: redirect_uri");
    const direct = { grant_type: "password", username: "ada", password: passwordOf("ada") };
    expect((await token(keycloak.caFile, realmUrl(), parties.chat, direct)).body).toContain("unauthorized_client");
    const byAdminCli = await token(keycloak.caFile, realmUrl(), { clientId: "admin-cli", secret: "" }, direct);
    expect(byAdminCli.body).toContain("unauthorized_client");
  });

  it("tells the relying party when a session has ended", async () => {
    const ada = new Person(keycloak.caFile);
    await ada.open(realmUrl(), parties.chat);
    await ada.signIn("ada", passwordOf("ada"));
    const { id_token } = await ada.redeem(realmUrl(), parties.chat);
    const admin = await administrator();
    const [user] = await admin.get<Found[]>("/users?username=ada&exact=true");
    await admin.post(`/users/${user?.id}/logout`);
    // Sessions of the tests before end too: each is told of by itself.
    const { sid } = claimsOf(id_token);
    const isTold = (body: string) => {
      const logout = claimsOf(new URLSearchParams(body).get("logout_token") ?? "");
      return logout.aud === "chat" && logout.sid === sid;
    };
    await eventually("the call", 10, () => logouts.some(isTold));
  });
});

describe("two nodes", () => {
  it("share a session, which outlives the one that it began at", async () => {
    const ada = new Person(keycloak.caFile);
    await ada.open(realmUrl(), parties.chat);
    await ada.signIn("ada", passwordOf("ada"));
    const { refresh_token } = await ada.redeem(realmUrl(), parties.chat);
    recordFigure("e2e", "keycloak_memory_mib", { value: first.process.memoryMiB(), unit: "MiB", n: 1 });

    const began = Date.now();
    const second = await keycloak.startNode();
    recordFigure("e2e", "keycloak_second_start_seconds", { value: (Date.now() - began) / 1000, unit: "s", n: 1 });
    await eventually("the cluster", 30, () => /members? .*\(2\)|\(2\) \[/.test(first.process.output()));
    await first.process.end("SIGKILL");
    const killed = Date.now();
    const renewed = await token(keycloak.caFile, `${second.url}/realms/${realmName}`, parties.chat, {
      grant_type: "refresh_token",
      refresh_token,
    });
    expect(renewed.status).toBe(200);
    recordFigure("e2e", "keycloak_outage_seconds", { value: (Date.now() - killed) / 1000, unit: "s", n: 1 });
    expect(claimsOf(JSON.parse(renewed.body).access_token)).toMatchObject({ iss: realmUrl() });

    const ended = Date.now();
    await second.process.end("SIGTERM");
    recordFigure("e2e", "keycloak_end_seconds", { value: (Date.now() - ended) / 1000, unit: "s", n: 1 });
    expect((Date.now() - ended) / 1000).toBeLessThan(30);
  }, 700_000);
});

function party(clientId: string): RelyingParty {
  return { clientId, secret: clientSecret(clientId), redirectUri: `https://${clientId}.example.org/callback` };
}

/** As it stands in tokens. */
function realmUrl(): string {
  return `${first.url}/realms/${realmName}`;
}

/** Keycloak's administrator for emergencies. */
function administrator(): Promise<ByHand> {
  return ByHand.signIn(keycloak.caFile, first.url, realmName, keycloak.administrator);
}

async function entryUuid(login: string): Promise<string> {
  const client = await directory.client(directory.connection("keycloak"));
  const { searchEntries } = await client.search(directory.names.peopleDn, {
    filter: `(uid=${login})`,
    attributes: ["entryUUID"],
  });
  await client.unbind();
  return String(searchEntries[0]?.entryUUID);
}

/** A relying party's address for sessions that have ended. */
async function backchannel(folder: string): Promise<Server> {
  const file = (name: string) => readFileSync(join(folder, "tls", name));
  const server = createServer({ cert: file("tls.crt"), key: file("tls.key") }, async (request, response) => {
    logouts.push(await text(request));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
