/** The service as it runs in a pod: one file, killed and paused at bad moments, and with as many people as a company has. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:https";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { group, person, startDirectory, type TestDirectory } from "../../components/identity/directory/testing.ts";
import { type Rights, userTypesOf } from "../../components/identity/rights.ts";
import { recordFigure } from "../../tests/figures.ts";
import { freePort } from "../../tests/free-port.ts";
import { bundle } from "../bundle.ts";
import type { Configuration } from "./configuration.ts";
import { provider, serverName, TestHomeserver, TestLease } from "./testing.ts";

const room = { moderators: [], administrators: [], encrypted: false };
const rights: Rights = {
  signIn: "everyone",
  administrators: [],
  createRooms: "everyone",
  uploads: {},
  spaces: {},
  rooms: {
    first: { ...room, name: "First", members: "everyone" },
    second: { ...room, name: "Second", members: ["staff"] },
  },
};
const logins = Array.from({ length: 20 }, (_, index) => `p${index}`);
const people = Object.fromEntries(logins.map((login) => [login, person(login, "Person", ["staff"])]));

let directory: TestDirectory;
let homeserver: TestHomeserver;
let lease: TestLease;
let program = "";
const running: Running[] = [];

/** One process, and what it has written. */
class Running {
  readonly lines: Record<string, unknown>[] = [];
  readonly child: ChildProcess;
  readonly port: number;

  constructor(child: ChildProcess, port: number) {
    this.child = child;
    this.port = port;
    let rest = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split("\n");
      rest = parts.pop() ?? "";
      this.lines.push(...parts.map((line) => JSON.parse(line)));
    });
  }

  get done(): number {
    return this.lines.filter(({ kind, result }) => kind === "audit" && result === "done").length;
  }

  metric(name: string): Promise<number> {
    return metricOf(this.port, name);
  }

  /** Memory that it has had at most, in MiB. */
  peakMiB(): number {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${this.child.pid}/status`, "utf8"))?.[1]) / 1024;
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const ended = new Promise<number | null>((resolve) => this.child.once("exit", resolve));
    this.child.kill(signal);
    return ended;
  }
}

async function metricOf(port: number, name: string): Promise<number> {
  const agent = new Agent({ ca: readFileSync(homeserver.caFile) });
  const answer = await new Promise<string>((resolve, reject) => {
    get({ host: "localhost", port, path: "/metrics", agent }, (response) => resolve(text(response))).on(
      "error",
      reject,
    );
  });
  return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(answer)?.[1]);
}

async function start(changes: Partial<Configuration["sync"]> = {}): Promise<Running> {
  const { url, caFile, bindDn, bindPassword, peopleDn, groupsDn } = directory.connection("directory-sync");
  const port = await freePort();
  const bindPasswordFile = join(homeserver.folder, "bind-password");
  writeFileSync(bindPasswordFile, bindPassword);
  const configuration: Configuration = {
    directory: {
      urls: [url],
      bindDn,
      bindPasswordFile,
      caFile,
      schema: "openldap",
      peopleDn,
      groupsDn,
      pageSize: 500,
      nestedGroups: true,
    },
    homeserver: {
      url: homeserver.url,
      caFile: homeserver.caFile,
      serverName,
      localpart: "directory-sync",
      passwordFile: homeserver.passwordFile,
      authProvider: provider,
      maxUploadMiB: 50,
      protectedAccounts: [`@admin:${serverName}`],
    },
    rights: JSON.parse(JSON.stringify(rights)),
    sync: {
      intervalSeconds: 5,
      maxLeavers: { percent: 10, atLeast: 3 },
      rehire: "new",
      dryRun: false,
      actionsPerSecond: 1000,
      ...changes,
    },
    lease: {
      url: lease.url,
      namespace: "chat",
      name: "directory-sync",
      tokenFile: lease.tokenFile,
      caFile: lease.caFile,
    },
    server: { port, certificateFile: join(homeserver.folder, "tls.crt"), keyFile: join(homeserver.folder, "tls.key") },
  };
  const file = join(homeserver.folder, `configuration-${port}.json`);
  writeFileSync(file, JSON.stringify(configuration));
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MIB}`, program, file], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {},
  });
  const service = new Running(child, port);
  running.push(service);
  return service;
}

async function until(what: string, holds: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await sleep(100))
    if (await Promise.resolve(holds()).catch(() => false)) return;
  throw new Error(`${what}: not within ${seconds} s. ${JSON.stringify(running.at(-1)?.lines.slice(-5))}`);
}

const whole = (service: Running) => async () => (await service.metric("directory_sync_lag_seconds")) >= 0;

async function idsByLogin(): Promise<Map<string, string>> {
  return directory.asAdministrator(async (client) => {
    const options = {
      scope: "one",
      filter: "(uid=*)",
      attributes: ["uid", "entryUUID"],
      paged: { pageSize: 500 },
    } as const;
    const { searchEntries } = await client.search(directory.names.peopleDn, {
      ...options,
      attributes: [...options.attributes],
    });
    return new Map(searchEntries.map((entry) => [String(entry.uid), String(entry.entryUUID)]));
  });
}

beforeAll(async () => {
  directory = await startDirectory({ people, groups: { staff: group() } });
  homeserver = await TestHomeserver.start(Object.keys(userTypesOf(rights, 50)));
  program = join(homeserver.folder, "main.cjs");
  writeFileSync(program, bundle("directory-sync"));
  for (const [login, id] of await idsByLogin()) await homeserver.firstSignIn(login, id);
}, 300_000);

afterEach(async () => {
  for (const service of running.splice(0)) {
    service.child.kill("SIGCONT");
    await service.end("SIGKILL");
  }
  lease?.stop();
});

afterAll(async () => {
  await homeserver?.stop();
  await directory?.stop();
}, 60_000);

describe("the process", () => {
  it("goes on where it was when it is killed again and again", async () => {
    for (let kills = 0; kills < 4; kills++) {
      lease = await TestLease.start();
      const service = await start({ actionsPerSecond: 25 });
      await until("the first changes", () => service.done > 5);
      await service.end("SIGKILL");
      lease.stop();
    }
    lease = await TestLease.start();
    const service = await start();
    await until("a whole comparison", whole(service));
    for (const login of logins) {
      expect(await homeserver.isIn("first", `@${login}:${serverName}`)).toBe(true);
      expect(await homeserver.isIn("second", `@${login}:${serverName}`)).toBe(true);
      expect(await homeserver.user(`@${login}:${serverName}`)).toMatchObject({ displayname: `${login} Person` });
    }
    expect(await service.end("SIGTERM")).toBe(0);
    expect(lease.holder).toBe("");
  }, 180_000);

  it("that was paused as the leader does nothing when it wakes up and another one leads", async () => {
    lease = await TestLease.start();
    const first = await start();
    await until("a whole comparison", whole(first));
    await first.end("SIGTERM");
    const slow = await start({ actionsPerSecond: 2 });
    await until("leading", async () => (await slow.metric("directory_sync_leader")) === 1);
    const second = await start();
    const others = Object.entries(people).slice(1);
    await directory.seed({
      people: { ...Object.fromEntries(others), p0: person("p0", "Changed") },
      groups: { staff: group() },
    });
    await until("the first change", () => slow.done > 0);
    slow.child.kill("SIGSTOP");
    const before = slow.done;
    await until("the second to take over", async () => (await second.metric("directory_sync_leader")) === 1, 90);
    await until("a whole comparison", whole(second));
    slow.child.kill("SIGCONT");
    await until("the first to notice", () =>
      slow.lines.some(({ message }) => /stopped acting|no longer leading/.test(String(message))),
    );
    // What it had sent when it was stopped may be answered afterwards; nothing more is sent.
    expect(slow.done - before).toBeLessThanOrEqual(1);
    await sleep(6_000);
    expect(await second.metric("directory_sync_leader")).toBe(1);
    expect(await slow.metric("directory_sync_leader")).toBe(0);
    expect(await homeserver.isIn("second", `@p0:${serverName}`)).toBe(false);
  }, 240_000);

  it("locks a leaver out within the interval, and lives through a restart of the homeserver", async () => {
    lease = await TestLease.start();
    const service = await start();
    await until("a whole comparison", whole(service));
    const token = await homeserver.token("p1");
    const started = performance.now();
    const staying = Object.entries(people).filter(([login]) => login !== "p1");
    await directory.seed({ people: Object.fromEntries(staying), groups: { staff: group() } });
    await until("locked out", async () => !(await homeserver.works(token)));
    const seconds = (performance.now() - started) / 1000;
    recordFigure("e2e", "directory_sync_leaver_seconds", {
      value: seconds,
      unit: "s",
      n: 1,
      note: "interval 5 s, directory and homeserver on loopback",
    });
    expect(seconds).toBeLessThan(20);
    await homeserver.kill();
    await sleep(2_000);
    await homeserver.again();
    const done = await service.metric('directory_sync_runs_total{result="done"}');
    await until(
      "another comparison",
      async () => (await service.metric('directory_sync_runs_total{result="done"}')) > done,
      90,
    );
  }, 180_000);
});

const PEOPLE = 5_000;
const GROUPS = 500;
/** As the component gives it to a pod of 384 MiB. */
const HEAP_MIB = 272;

describe(`${PEOPLE} people and ${GROUPS} groups`, () => {
  it("are compared in seconds, in a memory that a small pod has", async () => {
    await fillDirectory();
    await homeserver.kill();
    fillHomeserver(await idsByLogin());
    await homeserver.again();
    lease = await TestLease.start();
    const service = await start({ maxLeavers: { percent: 0, atLeast: 0 } });
    const started = performance.now();
    await until(
      "a first comparison that reads every account",
      async () => (await service.metric('directory_sync_accounts{state="active"}')) > PEOPLE,
      240,
    );
    const first = (performance.now() - started) / 1000;
    // Everybody joins the first room meanwhile, for as long as it takes; what is measured is the comparison.
    await service.end("SIGTERM");
    const dry = await start({ dryRun: true, maxLeavers: { percent: 0, atLeast: 0 } });
    await until(
      "three comparisons",
      async () => (await metricOf(dry.port, "directory_sync_run_seconds_count")) >= 1,
      240,
    );
    const [count, sum] = [
      await metricOf(dry.port, "directory_sync_run_seconds_count"),
      await metricOf(dry.port, "directory_sync_run_seconds_sum"),
    ];
    await until(
      "three more",
      async () => (await metricOf(dry.port, "directory_sync_run_seconds_count")) >= count + 3,
      240,
    );
    const [counts, sums] = [
      await metricOf(dry.port, "directory_sync_run_seconds_count"),
      await metricOf(dry.port, "directory_sync_run_seconds_sum"),
    ];
    const note = `${PEOPLE} people, ${GROUPS} groups, homeserver with SQLite; the first one, which asks for each account, took ${first.toFixed(1)} s`;
    recordFigure("e2e", "directory_reconcile_seconds", {
      value: (sums - sum) / (counts - count),
      unit: "s",
      n: counts - count,
      note,
    });
    recordFigure("e2e", "directory_sync_memory_mib", {
      value: dry.peakMiB(),
      unit: "MiB",
      n: 1,
      note: "largest resident set",
    });
    expect(dry.peakMiB()).toBeLessThan(384);
  }, 900_000);
});

/** Adds people and groups as a company has them: everybody in ten groups, groups in groups. */
async function fillDirectory(): Promise<void> {
  const { peopleDn, groupsDn } = directory.names;
  const dn = (index: number) => `uid=e${index},${peopleDn}`;
  await directory.asAdministrator(async (client) => {
    for (let index = 0; index < PEOPLE; index++)
      await client.add(dn(index), {
        objectClass: "inetOrgPerson",
        uid: `e${index}`,
        cn: `Émile ${index}`,
        sn: `${index}`,
      });
    for (let index = 0; index < GROUPS; index++) {
      const members = Array.from({ length: 100 }, (_, each) => dn((index * 10 + each) % PEOPLE));
      const nested = index >= 10 ? [`cn=g${Math.floor(index / 10)},${groupsDn}`] : [];
      await client.add(`cn=g${index},${groupsDn}`, {
        objectClass: "groupOfNames",
        cn: `g${index}`,
        member: [...members, ...nested],
      });
    }
  });
}

/** Accounts as their first sign-in made them, long ago: written where the homeserver, which is stopped, finds them. */
function fillHomeserver(ids: ReadonlyMap<string, string>): void {
  const database = new DatabaseSync(join(homeserver.folder, "homeserver.db"));
  const user = database.prepare(
    "INSERT INTO users (name, creation_ts, user_type, admin, is_guest, deactivated) VALUES (?, 1700000000, 'member-rooms-50', 0, 0, 0)",
  );
  const profile = database.prepare("INSERT INTO profiles (user_id, displayname, full_user_id) VALUES (?, ?, ?)");
  const external = database.prepare(
    "INSERT INTO user_external_ids (auth_provider, external_id, user_id) VALUES (?, ?, ?)",
  );
  database.exec("BEGIN");
  for (const [login, id] of ids) {
    if (!login.startsWith("e")) continue;
    const mxid = `@${login}:${serverName}`;
    user.run(mxid);
    profile.run(login, `Émile ${login.slice(1)}`, mxid);
    external.run(provider, id, mxid);
  }
  database.exec("COMMIT");
  database.close();
}
