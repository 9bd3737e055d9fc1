/** Two servers that copy from each other: either may be lost, and comes back to the same people. */

import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Client } from "ldapts";
import { Attribute, Change } from "ldapts";
import { directoryNames, groupDn, personDn } from "./names.ts";
import { accountOf, asAdministrator, group, imageProgram, person, personBind, seed, TestServer } from "./testing.ts";

const names = directoryNames("example.org");
const people = { ada: person("Ada", "Lovelace", ["staff"]), grace: person("Grace", "Hopper", ["staff"]) };
const groups = { staff: group() };

let first: TestServer;
let second: TestServer;
beforeEach(async () => {
  first = await TestServer.prepare();
  second = await TestServer.prepare(join(first.folder, "tls"));
  await Promise.all([first.start(0, [second.url]), second.start(1, [first.url])]);
  await seed(first, { people, groups });
  await same();
}, 120_000);
afterEach(() => Promise.all([first?.remove(), second?.remove()]));

/** Everything that a server has, less what is its own: `contextCSN` has a value for each server. */
async function contents(server: TestServer): Promise<ReadonlySet<string>> {
  const client = await server.client(accountOf("replicator"));
  try {
    const { searchEntries } = await client.search(names.baseDn, {
      attributes: ["*", "entryUUID", "entryCSN"],
      paged: { pageSize: 500 },
    });
    return new Set(searchEntries.map(({ contextCSN: _own, ...entry }) => JSON.stringify(entry)));
  } finally {
    await client.unbind();
  }
}

/** Waits until both have the same. Returns how long it took, in milliseconds. */
async function same(patience = 20_000): Promise<number> {
  const began = Date.now();
  let difference: unknown;
  while (Date.now() - began < patience) {
    try {
      const [left, right] = await Promise.all([contents(first), contents(second)]);
      const differing = [...left, ...right].filter((entry) => left.has(entry) !== right.has(entry));
      if (differing.length === 0) return Date.now() - began;
      difference = `${differing.length} entries: ${differing.slice(0, 2).join("\n")}`;
    } catch (error) {
      difference = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`they differ after ${patience} ms: ${String(difference)}`);
}

const write = (server: TestServer, dn: string, type: string, ...values: string[]) =>
  asAdministrator(server, (client: Client) =>
    client.modify(dn, new Change({ operation: "replace", modification: new Attribute({ type, values }) })),
  );

async function attributeOf(server: TestServer, dn: string, type: string): Promise<unknown> {
  const client = await server.client(accountOf("directory-sync"));
  const { searchEntries } = await client.search(dn, { scope: "base", attributes: [type] });
  await client.unbind();
  return searchEntries[0]?.[type];
}

/** What the readiness probe of the pod asks. */
async function isReady(server: TestServer): Promise<boolean> {
  const [program, ...words] = await imageProgram("ldapsearch");
  const search = [
    "-Q",
    "-LLL",
    "-Y",
    "EXTERNAL",
    "-H",
    server.localUrl,
    "-s",
    "base",
    "-b",
    names.baseDn,
    "contextCSN",
  ];
  const { status, stdout } = spawnSync(program, [...words, ...search], { encoding: "utf8" });
  return status === 32 || (status === 0 && stdout.includes("contextCSN:"));
}

describe("two servers", () => {
  const ada = personDn(names, "ada");

  it("have the same people, keys and passwords", async () => {
    expect(await attributeOf(second, ada, "entryUUID")).toEqual(await attributeOf(first, ada, "entryUUID"));
    await (await second.client(personBind("ada"))).unbind();
  });

  it.each(["the first", "the second"])("go on when %s is lost, and it catches up", async (which) => {
    const [lost, left] = which === "the first" ? [first, second] : [second, first];
    await lost.end("SIGKILL");
    await (await left.client(personBind("ada"))).unbind();
    await write(left, ada, "sn", "King");
    await lost.again();
    await same();
    expect(await attributeOf(lost, ada, "sn")).toBe("King");
  });

  it("keep everything when both are lost at once", async () => {
    await write(first, ada, "sn", "King");
    await Promise.all([first.end("SIGKILL"), second.end("SIGKILL")]);
    await Promise.all([first.again(), second.again()]);
    await same();
    expect(await attributeOf(second, ada, "sn")).toBe("King");
  });

  it("agree on the later change when both were changed apart", async () => {
    await second.end();
    await write(first, ada, "sn", "Earlier");
    await first.end();
    await second.again();
    await write(second, ada, "sn", "Later");
    await first.again();
    await same();
    expect(await attributeOf(first, ada, "sn")).toBe("Later");
  });

  it("forget alike who was removed, in their groups too", async () => {
    await asAdministrator(second, (client) => client.del(ada));
    await same();
    expect(await attributeOf(first, groupDn(names, "staff"), "member")).toBe(personDn(names, "grace"));
  });

  it("lock an account after wrong passwords at either", async () => {
    for (let tries = 0; tries < 5; tries += 1) await expect(first.client(personBind("ada", "wrong"))).rejects.toThrow();
    await same();
    await expect(second.client(personBind("ada"))).rejects.toThrow();
  });

  it("fill one that has lost its volume, which is not ready before it is whole", async () => {
    const many = Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`p${n}`, n]));
    await asAdministrator(first, async (client) => {
      for (const login of Object.keys(many))
        await client.add(personDn(names, login), { objectClass: "inetOrgPerson", cn: login, sn: login });
    });
    await same();
    await second.end("SIGKILL");
    rmSync(join(second.folder, "data"), { recursive: true });
    spawnSync("mkdir", [join(second.folder, "data")]);
    await second.again();
    const seen: number[] = [];
    const entries = async () => {
      const search = (client: Client) => client.search(names.peopleDn, { attributes: ["1.1"], paged: true });
      return (await asAdministrator(second, search).catch(() => ({ searchEntries: [] }))).searchEntries.length;
    };
    for (let tries = 0; tries < 400; tries += 1) {
      // Counted before it is asked, since one without any entry is ready, and after, since entries only become more.
      const before = await entries();
      const ready = await isReady(second);
      if (ready && before > 0) {
        expect(await entries()).toBe(603);
        break;
      }
      seen.push(before);
    }
    expect(seen.length).toBeLessThan(400);
    await same();
  }, 120_000);
});
