import { describe, expect, it } from "@jest/globals";
import { Chain } from "./chain.ts";
import { headOf } from "./manifest.ts";
import { type RetentionArgs, retain } from "./retention.ts";
import type { HoldSpecification } from "./specification.ts";
import { StoreError } from "./store.ts";
import { archiveValues, eventValue, MemoryStore, partitionArgs } from "./testing.ts";
import { verifyArchive } from "./verify.ts";

const DAY_MS = 86_400_000;
const later = new Date(Date.now() + 40 * DAY_MS);
const url = (id: string) => `mxc://example.org/${id}`;

async function archived() {
  const store = new MemoryStore();
  const args = partitionArgs(store, { [url("a")]: "of Ada", [url("b")]: "of Bob" });
  await archiveValues(args, [
    [eventValue("$1", { media: { url: url("a") } }), eventValue("$2")],
    [eventValue("$3", { room: "!b:example.org", sender: "@bob:example.org", media: { url: url("b") } })],
  ]);
  await archiveValues(args, [[eventValue("$4")]], 1);
  return { store, args };
}

async function pass(store: MemoryStore, holds: readonly HoldSpecification[], days: number | undefined, today = later) {
  const chains = [await Chain.open(store, 0), await Chain.open(store, 1)];
  const { metrics, log } = partitionArgs(store);
  const retention = { holds, ...(days !== undefined && { days }) };
  const args: RetentionArgs = {
    ...{ store, chains, topic: "im.events", retention, metrics, log, today: () => today },
    lock: { mode: "GOVERNANCE", days: 1 },
  };
  const removing = retain(args);
  for (let round = 0; round < 20; round += 1) await removing.next();
  return metrics;
}

const left = (store: MemoryStore, prefix: string) =>
  [...store.objects.keys()].filter((key) => key.startsWith(prefix)).length;

describe("what is older than is to be kept", () => {
  it("is removed with its files, and the chain says so: it is still whole", async () => {
    const { store } = await archived();
    await pass(store, [], 30);
    expect([left(store, "events/"), left(store, "media/")]).toEqual([0, 0]);
    expect(await verifyArchive({ store })).toMatchObject({ findings: [], removed: 5, records: 0 });
    const { manifest } = headOf(store.objects.get(store.manifests.at(-1) ?? "") ?? Buffer.from(""));
    expect(manifest).toMatchObject({ kind: "removal", reason: "older than 30 days", partition: 1, sequence: 2 });
  });

  it("is kept where no age is set, and until it is reached", async () => {
    const { store } = await archived();
    const before = new Map(store.objects);
    await pass(store, [], undefined);
    await pass(store, [], 41);
    expect(store.objects).toEqual(before);
  });

  it.each([
    ["of a room", { reason: "case 7", rooms: ["!b:example.org"], persons: [] }],
    ["of a person", { reason: "case 7", rooms: [], persons: ["@bob:example.org"] }],
  ])("is kept where it is held, with its files (%s), and goes when it is no longer", async (_, hold) => {
    const { store } = await archived();
    const metrics = await pass(store, [hold], 30);
    expect(await metrics.registry.metrics()).toContain("archive_held 1");
    expect([left(store, "events/"), left(store, "media/")]).toEqual([1, 1]);
    expect([...store.held]).toHaveLength(2);
    expect(await verifyArchive({ store })).toMatchObject({ findings: [], uniqueEvents: 1, media: 1 });
    const another = { reason: "case 8", rooms: ["!c:example.org"], persons: [] };
    await pass(store, [another], 30);
    expect([left(store, "events/"), left(store, "media/")]).toEqual([0, 0]);
    expect((await verifyArchive({ store })).findings).toEqual([]);
  });

  it("is kept as long as it is locked, and the chain does not say otherwise", async () => {
    const { store } = await archived();
    const [key = ""] = store.batches;
    store.locked.set(key, Date.now() + DAY_MS);
    await pass(store, [], 30);
    expect(store.batches).toEqual([key]);
    expect(await verifyArchive({ store })).toMatchObject({ findings: [], removed: 4, uniqueEvents: 2 });
  });

  it("that the store does not let go keeps nobody from archiving", async () => {
    const { store } = await archived();
    const answer = { status: 403, headers: {}, body: Buffer.from("<Code>AccessDenied</Code>") };
    store.remove = async (key) => {
      throw new StoreError({ method: "DELETE", key }, answer);
    };
    await pass(store, [], 30);
    expect(left(store, "events/")).toBe(3);
    store.remove = async () => {
      throw new StoreError({ method: "DELETE" }, { ...answer, status: 503 });
    };
    await expect(pass(store, [], 30)).rejects.toThrow("answers DELETE  with 503: AccessDenied");
  });

  it("goes on being archived afterwards", async () => {
    const { store, args } = await archived();
    await pass(store, [], 30);
    await archiveValues(args, [[eventValue("$5")]]);
    expect(await verifyArchive({ store })).toMatchObject({ findings: [], uniqueEvents: 1 });
  });
});
