/** The service against a real directory and a real homeserver: what it does to people's accounts. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { z } from "zod";
import {
  group,
  person,
  startDirectory,
  type TestDirectory,
  type TestDirectoryArgs,
} from "../../components/identity/directory/testing.ts";
import { type Rights, userTypesOf } from "../../components/identity/rights.ts";
import { directoryReader } from "./ldap/directory.ts";
import { jsonLog } from "./log.ts";
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

const people: TestDirectoryArgs["people"] = {
  ada: person("Ada", "Lovelace", ["engineers", "it"]),
  bob: person("Bob", "Baumeister", ["engineers"]),
  cleo: person("Cléo", "Ångström", ["staff", "leads"]),
  dora: person("Dora", "Diaz", ["contractors"]),
};
const groups: TestDirectoryArgs["groups"] = {
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
    urls: [url],
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

async function join_(login: string): Promise<string> {
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
    for (const login of ["ada", "bob", "cleo", "dora"]) await join_(login);
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
