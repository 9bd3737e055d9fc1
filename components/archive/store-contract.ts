/** What the archive relies on in an object store, whoever has made it. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Chain } from "../../services/archive/chain.ts";
import { manifestKey } from "../../services/archive/manifest.ts";
import { openStore, type Store } from "../../services/archive/store.ts";
import { archiveValues, eventValue, MemoryStore, partitionArgs } from "../../services/archive/testing.ts";
import { verifyArchive } from "../../services/archive/verify.ts";
import type { TestBucket, TestConnection } from "../backup/testing.ts";

/** A store that tests have started, with the buckets that they wanted. */
export interface StartedStore {
  connection(client: string): TestConnection;
  stop(): Promise<void>;
}

async function keysOf(store: Store, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const key of store.keys(prefix)) keys.push(key);
  return keys;
}

/** The tests. @param start makes a store with these buckets, in the way in which an environment gets them */
export function storeContract(start: (buckets: Readonly<Record<string, TestBucket>>) => Promise<StartedStore>): void {
  let server: StartedStore;
  let locked: Store;
  let plain: Store;

  beforeAll(async () => {
    const clients = { archive: "manage" as const };
    server = await start({ locked: { objectLock: true, clients }, plain: { clients } });
    const { credentials: accountFolder, ...place } = server.connection("archive");
    [locked, plain] = [
      openStore({ ...place, accountFolder, bucket: "locked" }),
      openStore({ ...place, accountFolder, bucket: "plain" }),
    ];
  }, 600_000);

  afterAll(async () => {
    locked?.close();
    plain?.close();
    await server?.stop();
  });

  describe("an object", () => {
    it("is got as it was put, with its hash, and is nothing where it is not", async () => {
      const content = Buffer.from([0, 1, 2, 255]);
      await plain.put("media/date=2026-11-30/example.org:8448/a-b_c", content);
      expect(await plain.get("media/date=2026-11-30/example.org:8448/a-b_c")).toEqual(content);
      expect(await plain.hashOf("media/date=2026-11-30/example.org:8448/a-b_c")).toMatch(/^[0-9a-f]{64}$/);
      expect(await keysOf(plain, "media/")).toEqual(["media/date=2026-11-30/example.org:8448/a-b_c"]);
      expect(await plain.get("media/none")).toBeUndefined();
      expect(await plain.hashOf("media/none")).toBeUndefined();
    });

    it("is new for one of several who write it at the same time", async () => {
      const put = (text: string) => plain.put("once", Buffer.from(text), { onlyIfNew: true });
      const won = await Promise.all(["a", "b", "c", "d", "e", "f"].map(put));
      expect(won.filter((each) => each)).toHaveLength(1);
      expect(await put("later")).toBe(false);
    });

    it("is listed in its order, over several pages, and from a place on", async () => {
      const names = Array.from({ length: 1050 }, (_, index) => `pages/${String(index).padStart(6, "0")}`);
      for (let first = 0; first < names.length; first += 50)
        await Promise.all(names.slice(first, first + 50).map((name) => plain.put(name, Buffer.from("x"))));
      expect(await keysOf(plain, "pages/")).toEqual(names);
      expect(await plain.list("pages/", { after: "pages/000100", limit: 1 })).toEqual(["pages/000101"]);
      const versions: string[] = [];
      for await (const { key, id } of plain.versions("pages/")) versions.push(`${key} ${id}`);
      expect(new Set(versions).size).toBe(versions.length);
      expect(new Set(versions.map((each) => each.split(" ")[0])).size).toBe(names.length);
    });

    it("is removed with all its versions", async () => {
      await plain.put("twice", Buffer.from("1"));
      await plain.put("twice", Buffer.from("2"));
      await plain.remove("twice");
      expect(await plain.get("twice")).toBeUndefined();
      for await (const version of plain.versions("twice")) expect(version).toBeUndefined();
    });
  });

  describe("a lock", () => {
    it("is there where the bucket has it", async () => {
      expect([await locked.canLock(), await plain.canLock()]).toEqual([true, false]);
    });

    it.each(["GOVERNANCE", "COMPLIANCE"] as const)("keeps what is written from being removed (%s)", async (mode) => {
      await locked.put(mode, Buffer.from("kept"), { lock: { mode, days: 1 } });
      expect(await locked.lockedUntil(mode)).toBeGreaterThan(Date.now() + 80_000_000);
      await expect(locked.remove(mode)).rejects.toThrow(/answers DELETE/);
      expect((await locked.get(mode))?.toString()).toBe("kept");
    });

    it("by a legal hold lasts until that is taken back", async () => {
      await locked.put("held", Buffer.from("kept"));
      expect(await locked.lockedUntil("held")).toBeUndefined();
      await locked.hold("held", true);
      await expect(locked.remove("held")).rejects.toThrow(/answers DELETE/);
      await locked.hold("held", false);
      await locked.remove("held");
      expect(await locked.get("held")).toBeUndefined();
    });
  });

  describe("a chain", () => {
    it("is found to its end, whole, and seen where a manifest was overwritten", async () => {
      const args = {
        ...partitionArgs(new MemoryStore()),
        store: locked,
        lock: { mode: "COMPLIANCE" as const, days: 1 },
      };
      const batches = Array.from({ length: 9 }, (_, index) => [eventValue(`$${index}`)]);
      await archiveValues(args, batches);
      expect((await Chain.open(locked, 0)).head?.manifest.sequence).toBe(9);
      expect(await verifyArchive({ store: locked })).toMatchObject({ findings: [], uniqueEvents: 9 });
      const key = manifestKey(0, 9);
      const content = (await locked.get(key)) ?? Buffer.from("");
      await locked.put(key, Buffer.from(content.toString().replace(/"writtenAt":"\d{4}/, '"writtenAt":"2001')));
      expect((await verifyArchive({ store: locked })).findings).toEqual([
        { key, problem: "was written or deleted again: it has 2 versions" },
      ]);
    });
  });
}
