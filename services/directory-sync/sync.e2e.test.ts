/** The service against a real directory and a real homeserver: what it does to people's accounts. */
import { writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Attribute, Change, Control } from "ldapts";
import { z } from "zod";
import {
  group,
  person,
  startDirectory,
  type TestDirectory,
  type TestDirectoryArgs,
} from "../../components/identity/directory/testing.ts";
import { type Rights, userTypesOf } from "../../components/identity/rights.ts";
import { freePort } from "../../tests/free-port.ts";
import { jsonLog } from "../runtime/log.ts";
import { directoryReader } from "./ldap/directory.ts";
import { Accounts } from "./matrix/accounts.ts";
import { Homeserver } from "./matrix/homeserver.ts";
import { LedgerStore } from "./matrix/ledger.ts";
import { Rooms } from "./matrix/rooms.ts";
import { createMetrics } from "./metrics.ts";
import { Reconciler, type RunResult } from "./reconcile.ts";
import { provider, serverName, TestHomeserver } from "./testing.ts";

const rights: Rights = {
  signIn: ["staff", "contractors"],
  administrators: ["it"],
  createRooms: ["staff"],
  uploads: { contractors: 10 },
  spaces: {
    company: { name: "Company", topic: "All of us", members: "everyone", moderators: [], administrators: ["it"] },
  },
  rooms: {
    news: {
      name: "News",
      members: "everyone",
      moderators: ["leads"],
      administrators: ["it"],
      space: "company",
      encrypted: false,
    },
    engineers: {
      name: "Ingénieurs",
      members: ["engineers"],
      moderators: [],
      administrators: ["leads"],
      space: "company",
      encrypted: true,
    },
  },
};

const people: NonNullable<TestDirectoryArgs["people"]> = {
  ada: person("Ada", "Lovelace", ["engineers", "it"]),
  bob: person("Bob", "Baumeister", ["engineers"]),
  cleo: person("Cléo", "Ångström", ["staff", "leads"]),
  dora: person("Dora", "Diaz", ["contractors"]),
};
const groups: NonNullable<TestDirectoryArgs["groups"]> = {
  staff: group("engineers", "it"),
  contractors: group(),
  engineers: group(),
  it: group(),
  leads: group(),
};

let directory: TestDirectory;
let homeserver: TestHomeserver;
let lines: string[] = [];
let approval: string | undefined;
const ids = new Map<string, string>();
const mxid = (login: string) => `@${login}:${serverName}`;
const signal = new AbortController().signal;

/** A service of its own, that has seen nothing yet. */
async function service(
  settings: {
    rehire?: "new" | "same";
    percent?: number;
    dryRun?: boolean;
    rights?: Rights;
    actionsPerSecond?: number;
    /** What stands before the directory. */
    url?: string;
  } = {},
) {
  const matrix = new Homeserver(
    {
      url: homeserver.url,
      caFile: homeserver.caFile,
      serverName,
      localpart: "directory-sync",
      passwordFile: homeserver.passwordFile,
      actionsPerSecond: settings.actionsPerSecond ?? 1000,
    },
    () => undefined,
  );
  const workshop = {
    homeserver: matrix,
    accounts: new Accounts(matrix, provider),
    rooms: new Rooms(matrix),
    ledger: new LedgerStore(matrix),
  };
  await matrix.signIn();
  await workshop.ledger.load();
  const { url, caFile, bindDn, bindPassword, peopleDn, groupsDn } = directory.connection("directory-sync");
  const bindPasswordFile = join(homeserver.folder, "bind-password");
  writeFileSync(bindPasswordFile, bindPassword);
  const reader = directoryReader({
    urls: [settings.url ?? url],
    ...{ caFile, bindDn, bindPasswordFile, peopleDn, groupsDn },
    schema: "openldap",
    pageSize: 3,
    nestedGroups: true,
  });
  const reconciler = new Reconciler({
    settings: {
      rights: settings.rights ?? rights,
      maxUploadMiB: 50,
      maxLeavers: { percent: settings.percent ?? 10, atLeast: 1 },
      rehire: settings.rehire ?? "new",
      protectedAccounts: new Set([mxid("admin")]),
      dryRun: settings.dryRun ?? false,
    },
    reader,
    workshop,
    log: jsonLog((line) => lines.push(line)),
    metrics: createMetrics(),
    approval: () => approval,
  });
  return { reconciler, matrix, reader };
}

async function reconcile(settings: Parameters<typeof service>[0] = {}): Promise<RunResult> {
  lines = [];
  const { reconciler, matrix } = await service(settings);
  try {
    return await reconciler.run(signal);
  } finally {
    matrix.close();
  }
}

function audited(): { action: string; mxid?: string | undefined; reason?: string | undefined; result: string }[] {
  const line = z.object({
    kind: z.literal("audit"),
    action: z.string(),
    mxid: z.string().optional(),
    reason: z.string().optional(),
    result: z.string(),
    error: z.string().optional(),
  });
  return lines.flatMap((text) => line.safeParse(JSON.parse(text)).data ?? []);
}

async function readIds(): Promise<void> {
  await directory.asAdministrator(async (client) => {
    const { searchEntries } = await client.search(directory.names.peopleDn, {
      scope: "one",
      filter: "(uid=*)",
      attributes: ["uid", "entryUUID"],
    });
    for (const entry of searchEntries) ids.set(String(entry.uid), String(entry.entryUUID));
  });
}

async function signInFirst(login: string): Promise<string> {
  await readIds();
  const id = ids.get(login);
  if (id === undefined) throw new Error(`${login} is not in the directory`);
  return homeserver.firstSignIn(login, id);
}

beforeAll(async () => {
  directory = await startDirectory({ people, groups });
  homeserver = await TestHomeserver.start(Object.keys(userTypesOf(rights, 50)));
}, 300_000);

afterAll(async () => {
  await homeserver?.stop();
  await directory?.stop();
}, 60_000);

describe("at first sign-in", () => {
  it("makes the rooms and spaces of the settings before anybody is there", async () => {
    const result = await reconcile();
    expect({ ...result, lines: audited().filter((line) => line.result !== "done") }).toMatchObject({
      whole: true,
      failed: 0,
      lines: [],
    });
    expect(await homeserver.state("news", "m.room.name")).toEqual({ name: "News" });
    expect(await homeserver.state("engineers", "m.room.encryption")).toMatchObject({
      algorithm: "m.megolm.v1.aes-sha2",
    });
    expect(await homeserver.state("company", "m.space.child", await homeserver.roomId("news"))).toMatchObject({
      via: [serverName],
    });
    expect(await homeserver.state("company", "m.room.topic")).toMatchObject({ topic: "All of us" });
  }, 60_000);

  it("gives people their rooms, levels, rights and names, and then has nothing more to do", async () => {
    for (const login of ["ada", "bob", "cleo", "dora"]) await signInFirst(login);
    const result = await reconcile();
    expect({ ...result, lines: audited().filter((line) => line.result !== "done") }).toMatchObject({
      whole: true,
      lines: [],
    });
    expect(await homeserver.user(mxid("ada"))).toMatchObject({
      admin: true,
      displayname: "Ada Lovelace",
      user_type: "member-rooms-50",
    });
    expect(await homeserver.user(mxid("cleo"))).toMatchObject({ admin: false, displayname: "Cléo Ångström" });
    expect(await homeserver.user(mxid("dora"))).toMatchObject({ user_type: "member-10" });
    expect(await homeserver.levelOf("news", mxid("ada"))).toBe(100);
    expect(await homeserver.levelOf("news", mxid("cleo"))).toBe(50);
    expect(await homeserver.isIn("engineers", mxid("bob"))).toBe(true);
    expect(await homeserver.isIn("engineers", mxid("dora"))).toBe(false);
    expect(await homeserver.isIn("company", mxid("dora"))).toBe(true);
    expect(await reconcile()).toMatchObject({ whole: true, actions: 0 });
  }, 60_000);
});

/** Changes a person's entry by hand. */
async function modify(login: string, changes: Readonly<Record<string, string | Buffer | undefined>>): Promise<void> {
  await directory.asAdministrator((client) =>
    client.modify(
      `uid=${login},${directory.names.peopleDn}`,
      Object.entries(changes).map(([type, value]) => {
        const values = typeof value === "string" ? [value] : value === undefined ? [] : [value];
        return new Change({ operation: "replace", modification: new Attribute({ type, values }) });
      }),
    ),
  );
}

/** Brings the directory back to how it was at the start, with these changes. */
function seed(changes: typeof people = {}, without: readonly string[] = []): Promise<string[]> {
  const all = Object.entries({ ...people, ...changes }).filter(([login]) => !without.includes(login));
  return directory.seed({ people: Object.fromEntries(all), groups });
}

const LOCKED = { pwdAccountLockedTime: "000001010000Z" };

describe("a leaver", () => {
  it.each([
    ["disabled", () => modify("bob", LOCKED), () => modify("bob", { pwdAccountLockedTime: undefined })],
    ["expired", () => modify("bob", { pwdEndTime: "20200101000000Z" }), () => modify("bob", { pwdEndTime: undefined })],
    ["notAllowed", () => seed({ bob: person("Bob", "Baumeister") }), () => seed()],
    ["absent", () => seed({}, ["bob"]), () => seed()],
  ] as const)(
    "(%s) loses sessions, devices, refresh tokens, pushers and rooms, and cannot come back",
    async (reason, leave, comeBack) => {
      const login = `bob${reason === "disabled" ? "" : `-${reason.toLowerCase()}`}`;
      await readIds();
      const user = reason === "disabled" ? mxid("bob") : await homeserver.firstSignIn(login, ids.get("bob") ?? "");
      await reconcile();
      const session = z
        .object({ access_token: z.string(), refresh_token: z.string() })
        .parse((await homeserver.signIn(login, { refresh_token: true })).body);
      await homeserver.call(
        "POST",
        "/_matrix/client/v3/pushers/set",
        {
          kind: "http",
          app_id: "a",
          pushkey: "k",
          app_display_name: "a",
          device_display_name: "d",
          lang: "en",
          data: { url: "https://push.example.org/_matrix/push/v1/notify" },
        },
        session.access_token,
      );
      const pending = await homeserver.call("POST", "/_matrix/client/v1/login/get_token", {}, session.access_token);
      expect(await homeserver.works(session.access_token)).toBe(true);
      expect((await homeserver.roomsOf(user)).length).toBeGreaterThan(0);

      await leave();
      const result = await reconcile();
      expect(audited()).toContainEqual(
        expect.objectContaining({ action: "deactivate", mxid: user, reason, result: "done" }),
      );
      expect(result.refusals).toEqual([]);
      expect(await homeserver.works(session.access_token)).toBe(false);
      const refresh = await homeserver.call("POST", "/_matrix/client/v3/refresh", {
        refresh_token: session.refresh_token,
      });
      expect(refresh.status).toBeGreaterThanOrEqual(400);
      expect((await homeserver.signIn(login)).status).toBe(403);
      const { login_token: token } = z.object({ login_token: z.string() }).parse(pending.body);
      expect((await homeserver.call("POST", "/_matrix/client/v3/login", { type: "m.login.token", token })).status).toBe(
        403,
      );
      const path = `/_synapse/admin/v1/users/${encodeURIComponent(user)}`;
      expect(await homeserver.admin("GET", `${path}/pushers`)).toMatchObject({ total: 0 });
      expect(await homeserver.admin("GET", `${path.replace("v1", "v2")}/devices`)).toMatchObject({ total: 0 });
      for (let tries = 0; (await homeserver.roomsOf(user)).length > 0; tries++) {
        if (tries > 100) throw new Error("is still in rooms after ten seconds");
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(await reconcile()).toMatchObject({ whole: true, actions: 0 });

      await comeBack();
      await reconcile();
      // A new entry of the directory is another person's: the old account is nobody's any more.
      const released = audited().filter(({ action }) => action === "release");
      expect(released.map((line) => line.mxid)).toEqual(reason === "absent" ? [] : [user]);
    },
    60_000,
  );
});

/** A homeserver's newest account of a person of the directory, after they have left and come back. */
async function signInAgain(login: string, localpart: string): Promise<string> {
  await readIds();
  return homeserver.firstSignIn(localpart, ids.get(login) ?? "");
}

describe("who comes back", () => {
  it("gets a new account beside the old one, whose messages stay another's", async () => {
    const user = await signInAgain("bob", "bob1");
    await reconcile();
    await modify("bob", LOCKED);
    await reconcile();
    await modify("bob", { pwdAccountLockedTime: undefined });
    await reconcile();
    expect(await homeserver.user(user)).toMatchObject({ deactivated: true, external_ids: [] });
    // What the identity provider's next sign-in does: the directory's key belongs to nobody now.
    const next = await signInAgain("bob", "bob2");
    await reconcile();
    expect(await homeserver.isIn("engineers", next)).toBe(true);
    expect(await homeserver.isIn("engineers", user)).toBe(false);
  }, 60_000);

  it('gets the old account with "same", whether the entry of the directory is the old one or a new one', async () => {
    const user = await homeserver.firstSignIn("emil", await idOf("emil"));
    await reconcile({ rehire: "same" });
    await modify("emil", LOCKED);
    await reconcile({ rehire: "same" });
    expect(await homeserver.user(user)).toMatchObject({ deactivated: true });
    await modify("emil", { pwdAccountLockedTime: undefined });
    for (let run = 0; run < 2; run++) await reconcile({ rehire: "same" });
    expect(await homeserver.user(user)).toMatchObject({ deactivated: false });
    expect(await homeserver.isIn("news", user)).toBe(true);

    await seed();
    await reconcile({ rehire: "same" });
    expect(await homeserver.user(user)).toMatchObject({ deactivated: true });
    const second = await idOf("emil");
    for (let run = 0; run < 2; run++) await reconcile({ rehire: "same" });
    expect(await homeserver.user(user)).toMatchObject({
      deactivated: false,
      external_ids: [{ auth_provider: provider, external_id: second }],
    });
    expect(await homeserver.isIn("news", user)).toBe(true);
    expect(await reconcile({ rehire: "same" })).toMatchObject({ actions: 0 });
    await seed();
    await reconcile();
  }, 60_000);
});

/** Makes a person of the staff beside those of the start. */
async function idOf(login: string): Promise<string> {
  await seed({ [login]: person("Emil", "Eriksson", ["staff"]) });
  await readIds();
  return ids.get(login) ?? "";
}

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

describe("who moves", () => {
  it("changes rooms, levels and administration, both ways", async () => {
    await seed({ cleo: person("Cléo", "Ångström", ["staff", "leads", "engineers", "it"]) });
    await reconcile();
    expect(await homeserver.isIn("engineers", mxid("cleo"))).toBe(true);
    expect(await homeserver.levelOf("engineers", mxid("cleo"))).toBe(100);
    expect(await homeserver.levelOf("news", mxid("cleo"))).toBe(100);
    expect(await homeserver.user(mxid("cleo"))).toMatchObject({ admin: true });

    await seed({ cleo: person("Cléo", "Ångström", ["staff"]) });
    await reconcile();
    expect(await homeserver.isIn("engineers", mxid("cleo"))).toBe(false);
    expect(await homeserver.levelOf("engineers", mxid("cleo"))).toBe(0);
    expect(await homeserver.levelOf("news", mxid("cleo"))).toBe(0);
    expect(await homeserver.user(mxid("cleo"))).toMatchObject({ admin: false });
    await seed();
    await reconcile();
    expect(await homeserver.levelOf("news", mxid("cleo"))).toBe(50);
    expect(await reconcile()).toMatchObject({ actions: 0 });
  }, 60_000);

  it("stays where they were invited by hand", async () => {
    const room = await homeserver.roomId("engineers");
    const token = await homeserver.token("dora");
    await homeserver.admin("POST", `/_synapse/admin/v1/rooms/${encodeURIComponent(room)}/make_room_admin`, {});
    // An administrator, not the service, lets her in.
    await homeserver.call(
      "POST",
      `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/join`,
      {},
      homeserver.administratorToken,
    );
    await homeserver.admin("POST", `/_synapse/admin/v1/join/${encodeURIComponent(room)}`, { user_id: mxid("dora") });
    for (const memberships of [["contractors", "engineers"], ["contractors"]]) {
      await seed({ dora: person("Dora", "Diaz", memberships) });
      await reconcile();
      expect(await homeserver.isIn("engineers", mxid("dora"))).toBe(true);
    }
    await homeserver.call("POST", `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/leave`, {}, token);
    expect(await reconcile()).toMatchObject({ actions: 0 });
  }, 60_000);

  it("keeps the account under another login and name, in whatever case they are written", async () => {
    await directory.asAdministrator(async (client) => {
      await client.modifyDN(`uid=cleo,${directory.names.peopleDn}`, "UID=Cleo-Berger");
    });
    await modify("Cleo-Berger", { displayName: "Cléo Berger 李", sn: "Berger" });
    await directory
      .asAdministrator((client) =>
        client.modify(`CN=Staff,${directory.names.groupsDn.toUpperCase()}`, [
          new Change({
            operation: "add",
            modification: new Attribute({
              type: "member",
              values: [`UID = CLEO-berger,${directory.names.peopleDn.toUpperCase()}`],
            }),
          }),
        ]),
      )
      .catch((error: unknown) => {
        // The server keeps references itself: it has renamed her in her groups already.
        if (!(error instanceof Error) || error.name !== "TypeOrValueExistsError") throw error;
      });
    await reconcile();
    expect(audited().filter(({ action }) => action === "deactivate")).toEqual([]);
    expect(await homeserver.user(mxid("cleo"))).toMatchObject({ deactivated: false, displayname: "Cléo Berger 李" });
    await directory.asAdministrator((client) =>
      client.modifyDN(`uid=Cleo-Berger,${directory.names.peopleDn}`, "uid=cleo"),
    );
    await seed();
    await reconcile();
    expect(await homeserver.user(mxid("cleo"))).toMatchObject({ displayname: "Cléo Ångström" });
  }, 60_000);

  it("has the photo of the directory, uploaded once, and loses it with it", async () => {
    await modify("ada", { jpegPhoto: PNG });
    await reconcile();
    const { avatar_url: url } = await homeserver.user(mxid("ada"));
    expect(url).toMatch(/^mxc:\/\/example\.org\//);
    await modify("ada", { description: "something else" });
    await reconcile();
    expect(await homeserver.user(mxid("ada"))).toMatchObject({ avatar_url: url });
    expect(await reconcile()).toMatchObject({ actions: 0 });
    await modify("ada", { jpegPhoto: undefined, description: undefined });
    await reconcile();
    expect((await homeserver.user(mxid("ada"))).avatar_url ?? "").toBe("");
    expect(await reconcile()).toMatchObject({ actions: 0 });
  }, 60_000);
});

describe("rooms and spaces", () => {
  it("have the name of the settings again, and people their levels, after changes by hand", async () => {
    await seed();
    await reconcile();
    const room = encodeURIComponent(await homeserver.roomId("news"));
    const token = await homeserver.token("ada");
    await homeserver.call("PUT", `/_matrix/client/v3/rooms/${room}/state/m.room.name/`, { name: "Gossip" }, token);
    const levels = await homeserver.state("news", "m.room.power_levels");
    const users = z.record(z.string(), z.number()).parse(levels?.users);
    await homeserver.call(
      "PUT",
      `/_matrix/client/v3/rooms/${room}/state/m.room.power_levels/`,
      { ...levels, users: { ...users, [mxid("cleo")]: 0 } },
      token,
    );
    await homeserver.call("POST", `/_matrix/client/v3/rooms/${room}/kick`, { user_id: mxid("dora") }, token);
    await reconcile();
    expect(await homeserver.state("news", "m.room.name")).toEqual({ name: "News" });
    expect(await homeserver.levelOf("news", mxid("cleo"))).toBe(50);
    expect(await homeserver.isIn("news", mxid("dora"))).toBe(true);
  }, 60_000);

  it("that somebody else has made under such an alias are left alone until the service may rule them", async () => {
    const token = await homeserver.token("cleo");
    await homeserver.call(
      "POST",
      "/_matrix/client/v3/createRoom",
      { room_alias_name: "club", name: "By hand", room_version: "11" },
      token,
    );
    const club = { name: "Club", members: ["staff"], moderators: [], administrators: [], encrypted: false };
    const more = { ...rights, rooms: { ...rights.rooms, club } };
    const { refusals, actions } = await reconcile({ rights: more });
    expect({ refusals, actions }).toEqual({
      refusals: [expect.objectContaining({ reason: "roomNotOurs" })],
      actions: 0,
    });
    const room = encodeURIComponent(await homeserver.roomId("club"));
    const sync = mxid("directory-sync");
    const levels = await homeserver.state("club", "m.room.power_levels");
    await homeserver.call("POST", `/_matrix/client/v3/rooms/${room}/invite`, { user_id: sync }, token);
    await homeserver.call(
      "PUT",
      `/_matrix/client/v3/rooms/${room}/state/m.room.power_levels/`,
      { ...levels, users: { [mxid("cleo")]: 100, [sync]: 100 } },
      token,
    );
    const { matrix } = await service();
    await matrix.write("POST", `/_matrix/client/v3/rooms/${room}/join`, { body: {} });
    matrix.close();
    expect(await reconcile({ rights: more })).toMatchObject({ refusals: [], whole: true });
    expect(await homeserver.state("club", "m.room.name")).toEqual({ name: "Club" });
    expect(await homeserver.isIn("club", mxid("ada"))).toBe(true);
  }, 60_000);
});

describe("a newcomer", () => {
  it("is given rooms and rights without a look at everybody else", async () => {
    const id = await idOf("finn");
    const { reconciler, matrix } = await service();
    await reconciler.run(signal);
    const user = await homeserver.firstSignIn("finn", id);
    expect(await reconciler.welcome(signal)).toBe(false);
    expect(await homeserver.isIn("news", user)).toBe(true);
    expect(await homeserver.user(user)).toMatchObject({ displayname: "Emil Eriksson", user_type: "member-rooms-50" });
    expect(await reconciler.run(signal)).toMatchObject({ whole: true, actions: 0 });

    // Somebody who may not be there makes the service look at once.
    const stranger = await homeserver.firstSignIn("stranger", "no key of the directory");
    expect(await reconciler.welcome(signal)).toBe(true);
    await reconciler.run(signal);
    expect(await homeserver.user(stranger)).toMatchObject({ deactivated: true });
    matrix.close();
    await seed();
    await reconcile();
  }, 60_000);
});

/** Lets that many bytes of the directory's answers through, and ends the connection. */
async function cutAfter(bytes: number): Promise<{ url: string; stop: () => void }> {
  const port = await freePort();
  const { port: behind } = new URL(directory.url);
  const proxy = createServer((client) => {
    const server = connect(Number(behind), "localhost");
    let left = bytes;
    client.on("error", () => undefined);
    server.on("error", () => undefined);
    client.pipe(server);
    server.on("data", (chunk) => {
      client.write(chunk.subarray(0, Math.max(0, left)));
      left -= chunk.length;
      if (left <= 0) for (const socket of [client, server]) socket.destroy();
    });
  }).listen(port, "127.0.0.1");
  return { url: `ldaps://localhost:${port}`, stop: () => proxy.close() };
}

/** Accounts of people that are in use. */
async function active(): Promise<string[]> {
  const { users } = z
    .object({ users: z.array(z.object({ name: z.string() })) })
    .parse(await homeserver.admin("GET", "/_synapse/admin/v2/users?deactivated=false&limit=1000"));
  return users.map(({ name }) => name).sort();
}

describe("a directory that is broken", () => {
  it("ends nobody's account while it is down, and is followed again when it is back", async () => {
    await seed();
    await reconcile();
    const before = await active();
    await directory.kill();
    await expect(reconcile()).rejects.toThrow(/No directory server lets us in/);
    expect(await active()).toEqual(before);
    await directory.start();
    expect(await reconcile()).toMatchObject({ whole: true, actions: 0 });
  }, 60_000);

  it("gives half an answer at any point, and none of it is believed", async () => {
    const before = await active();
    const messages: string[] = [];
    for (const bytes of [0, 500, 1_500, 2_200, 2_600, 3_000, 3_500, 4_000, 4_500, 5_000]) {
      const proxy = await cutAfter(bytes);
      const result = await reconcile({ url: proxy.url }).catch((error: Error) => error);
      proxy.stop();
      if (result instanceof Error) messages.push(result.message);
      else expect(result.actions).toBe(0);
      expect(await active()).toEqual(before);
    }
    // Some came before anybody was let in, some while people and groups were read.
    expect(messages).toContainEqual(expect.stringContaining("No directory server lets us in"));
    expect(messages).toContainEqual(expect.stringMatching(/reading ou=(people|groups)/));
  }, 120_000);

  it("refers to another server for a part of its people, and that is said", async () => {
    const before = await active();
    const dn = `ou=branch,${directory.names.peopleDn}`;
    const manage = new ManageDsaIt();
    await directory.asAdministrator((client) =>
      client.add(
        dn,
        { objectClass: ["referral", "extensibleObject"], ou: "branch", ref: `ldaps://branch.example.org/${dn}` },
        manage,
      ),
    );
    await expect(reconcile()).rejects.toThrow(/branch\.example\.org.*referrals are not followed/);
    expect(await active()).toEqual(before);
    await directory.asAdministrator((client) => client.del(dn, manage));
    expect(await reconcile()).toMatchObject({ actions: 0 });
  }, 60_000);

  it("has a group of 10,000, names in every script, and is read in seconds", async () => {
    const { names } = directory;
    const members = Array.from({ length: 10_000 }, (_, index) => `uid=p${index},${names.peopleDn}`);
    const name = "Überflieger, 北京";
    await directory.asAdministrator((client) =>
      client.add(`cn=Überflieger\\, 北京,${names.groupsDn}`, {
        objectClass: "groupOfNames",
        cn: name,
        member: [...members, `uid=ADA,${names.peopleDn.toUpperCase()}`],
      }),
    );
    const club = { name: "飞行", members: [name.toUpperCase()], moderators: [], administrators: [], encrypted: false };
    const started = performance.now();
    await reconcile({ rights: { ...rights, rooms: { ...rights.rooms, flyers: club } } });
    expect((performance.now() - started) / 1000).toBeLessThan(30);
    expect(await homeserver.isIn("flyers", mxid("ada"))).toBe(true);
    expect(await homeserver.isIn("flyers", mxid("cleo"))).toBe(false);
    expect(audited().filter(({ action }) => action === "deactivate")).toEqual([]);
    await seed();
  }, 120_000);

  it("loses more people than the limit: nobody is deactivated until an operator allows exactly these", async () => {
    await seed();
    const before = await active();
    await seed({}, ["cleo", "dora"]);
    const { refusals, actions } = await reconcile();
    expect({ refusals, actions }).toEqual({
      refusals: [expect.objectContaining({ reason: "tooManyLeavers" })],
      actions: 0,
    });
    expect(await active()).toEqual(before);
    expect(lines.join("\n")).toContain('"level":"error"');
    approval = /fingerprint ([0-9a-f]{12})/.exec(refusals[0]?.message ?? "")?.[1];
    await seed({}, ["bob", "cleo", "dora"]);
    expect(await reconcile()).toMatchObject({ refusals: [expect.objectContaining({ reason: "tooManyLeavers" })] });
    await seed({}, ["cleo", "dora"]);
    await readIds();
    approval = /fingerprint ([0-9a-f]{12})/.exec((await reconcile()).refusals[0]?.message ?? "")?.[1] ?? approval;
    expect(await reconcile()).toMatchObject({ whole: true });
    approval = undefined;
    expect(await active()).not.toContain(mxid("cleo"));
    expect(await active()).not.toContain(mxid("dora"));
  }, 120_000);
});

describe("a trial", () => {
  it("says what it would do, and does nothing", async () => {
    await seed();
    const user = await homeserver.firstSignIn("gina", await idOf("gina"));
    await reconcile({ dryRun: true });
    expect(audited()).toContainEqual(expect.objectContaining({ action: "join", mxid: user, result: "dryRun" }));
    expect(await homeserver.roomsOf(user)).toEqual([]);
  }, 60_000);
});

/** Changes an entry that stands for another server, instead of being sent there. */
class ManageDsaIt extends Control {
  constructor() {
    super("2.16.840.1.113730.3.4.2", { critical: true });
  }
}
