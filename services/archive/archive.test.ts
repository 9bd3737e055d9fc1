import { describe, expect, it } from "@jest/globals";
import { archive } from "./archiver.ts";
import { Chain } from "./chain.ts";
import { unpack } from "./event.ts";
import { headOf } from "./manifest.ts";
import { PartitionArchive } from "./partition-archive.ts";
import { positionOf } from "./position.ts";
import { archiveValues, eventValue, MemoryStore, partitionArgs, recordsOf } from "./testing.ts";

const linesIn = (store: MemoryStore) =>
  store.batches.flatMap((key) => unpack(store.objects.get(key) ?? Buffer.from("")));
const manifestsIn = (store: MemoryStore) =>
  store.manifests.map((key) => headOf(store.objects.get(key) ?? Buffer.from("")).manifest);
const found = { topicId: "topic", earliest: 0, latest: 1000 };

describe("a partition", () => {
  it("is archived in batches, each with a manifest that names the hash of the one before", async () => {
    const store = new MemoryStore();
    await archiveValues(partitionArgs(store), [[eventValue("$1"), eventValue("$2")], [eventValue("$3")]]);
    expect(linesIn(store)).toEqual(["$1", "$2", "$3"].map((id) => eventValue(id)));
    const [first, second] = manifestsIn(store);
    expect(first).toMatchObject({ sequence: 1, previous: null, firstOffset: 0, lastOffset: 1, nextOffset: 2, gaps: 0 });
    expect(second).toMatchObject({ sequence: 2, firstOffset: 2, lastOffset: 2, object: { count: 1 } });
    const bytes = store.objects.get(store.manifests[0] ?? "") ?? Buffer.from("");
    expect(second?.previous).toBe(headOf(bytes).sha256);
  });

  it("keeps what is no event as it came, each in one line", async () => {
    const store = new MemoryStore();
    const values = ["no JSON\nat all", null, '{"id":1}', JSON.stringify(JSON.parse(eventValue("$1")), null, 2)];
    await archiveValues(partitionArgs(store), [values]);
    expect(linesIn(store)).toEqual([
      '{"notAnEvent":"no JSON\\nat all"}',
      '{"notAnEvent":null}',
      '{"notAnEvent":"{\\"id\\":1}"}',
      eventValue("$1"),
    ]);
  });

  it("goes on where its chain ends, whatever was written without a manifest", async () => {
    const store = new MemoryStore();
    const args = partitionArgs(store);
    await archiveValues(args, [[eventValue("$1")], [eventValue("$2")]]);
    const [, last = ""] = store.manifests;
    store.objects.delete(last);
    const again = await PartitionArchive.open(args, 0, found);
    expect(again.nextOffset).toBe(1);
    await again.take(recordsOf([eventValue("$2")], 1), 10);
    await again.close();
    expect(manifestsIn(store).map(({ sequence, nextOffset }) => [sequence, nextOffset])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it("is written by one program: whoever comes second is refused, and changes nothing", async () => {
    const store = new MemoryStore();
    const [one, other] = [await archiveValues(partitionArgs(store), []), await archiveValues(partitionArgs(store), [])];
    await one.take(recordsOf([eventValue("$1")]), 10);
    await other.take(recordsOf([eventValue("$1"), eventValue("$2")]), 10);
    await one.close();
    await expect(other.close()).rejects.toThrow("another program has written manifests/partition=0/000000000001.json");
    expect(manifestsIn(store)).toHaveLength(1);
    expect(manifestsIn(store)[0]).toMatchObject({ lastOffset: 0 });
  });

  it("is full at so many events", async () => {
    const store = new MemoryStore();
    const partition = await archiveValues(partitionArgs(store), []);
    await partition.take(recordsOf(["$1", "$2", "$3", "$4", "$5"].map((id) => eventValue(id))), 2);
    expect(manifestsIn(store).map(({ nextOffset }) => nextOffset)).toEqual([2, 4]);
  });

  it("tells of what Kafka has removed before it was read", async () => {
    const store = new MemoryStore();
    const args = partitionArgs(store);
    const partition = await archiveValues(args, [[eventValue("$1")]]);
    await partition.take(recordsOf([eventValue("$5")], 4), 10);
    await partition.close();
    const gap = { reason: "removed", expectedOffset: 1, foundOffset: 4 };
    expect(manifestsIn(store)[1]).toMatchObject({ gaps: 1, gap, firstOffset: 4 });
    expect(await args.metrics.registry.metrics()).toContain('archive_gaps{partition="0"} 1');
    await partition.take(recordsOf([eventValue("$6")], 5), 10);
    await partition.close();
    expect(manifestsIn(store)[2]).toMatchObject({ gaps: 1 });
    expect(manifestsIn(store)[2]).not.toHaveProperty("gap");
  });
});

describe("where a partition is read on", () => {
  const last = { nextOffset: 10, topicId: "topic" };
  const [manifest] = [
    { ...last, kind: "removal", version: 1, topic: "im.events", partition: 0, sequence: 1, previous: null } as const,
  ].map((each) => ({ ...each, writtenAt: "", writtenBy: "", gaps: 0, reason: "", keys: [""] }));
  const gap = (reason: string, expectedOffset: number, foundOffset: number) => ({
    offset: foundOffset,
    gap: { reason, expectedOffset, foundOffset },
  });

  it.each([
    ["behind the last batch", manifest, { topicId: "topic", earliest: 0, latest: 20 }, { offset: 10 }],
    ["at the beginning of a new one", undefined, { topicId: "topic", earliest: 0, latest: 20 }, { offset: 0 }],
    ["behind what is gone", manifest, { topicId: "topic", earliest: 15, latest: 20 }, gap("removed", 10, 15)],
    [
      "at the beginning of a topic made anew",
      manifest,
      { topicId: "new", earliest: 0, latest: 20 },
      gap("anew", 10, 0),
    ],
    ["at the beginning of a shorter one", manifest, { topicId: "topic", earliest: 0, latest: 5 }, gap("anew", 10, 0)],
  ])("is %s", (_, head, log, expected) => {
    expect(positionOf(head, log)).toEqual(expected);
  });
});

describe("the end of a chain", () => {
  it.each([0, 1, 2, 3, 7, 8, 100])("is found behind %s manifests", async (count) => {
    const store = new MemoryStore();
    await archiveValues(
      partitionArgs(store),
      Array.from({ length: count }, (_, index) => [eventValue(`$${index}`)]),
    );
    const chain = await Chain.open(store, 0);
    expect(chain.head?.manifest.sequence).toBe(count === 0 ? undefined : count);
    // A hole does not make it look shorter.
    if (count > 2) store.objects.delete(store.manifests[1] ?? "");
    expect((await Chain.open(store, 0)).head?.sha256).toBe(chain.head?.sha256);
  });

  it("that cannot be read has nothing written behind it", async () => {
    const store = new MemoryStore();
    await archiveValues(partitionArgs(store), [[eventValue("$1")]]);
    store.objects.set(store.manifests[0] ?? "", Buffer.from("{}"));
    await expect(Chain.open(store, 0)).rejects.toThrow("is no manifest, and nothing is written behind it");
  });
});

describe("a file of an event", () => {
  const url = "mxc://example.org/abc";
  const said = (each: string) => eventValue("$1", { media: { url: each } });

  it("is put beside its batch, with its hash in the manifest", async () => {
    const store = new MemoryStore();
    await archiveValues(partitionArgs(store, { [url]: "a picture" }), [[said(url)]]);
    const [manifest] = manifestsIn(store);
    const [media] = manifest?.kind === "batch" ? manifest.media : [];
    expect(media).toMatchObject({ url, bytes: 9 });
    const key = media !== undefined && "key" in media ? media.key : "";
    expect(key).toMatch(/^media\/date=\d{4}-\d\d-\d\d\/example\.org\/abc$/);
    expect(store.objects.get(key)?.toString()).toBe("a picture");
  });

  it.each([
    ["that is gone", url, "it is gone"],
    ["with no address", "mxc://example.org/../secret", "it is no address of a file"],
  ])("%s is named as missing", async (_, each, missing) => {
    const store = new MemoryStore();
    await archiveValues(partitionArgs(store), [[said(each)]]);
    expect(manifestsIn(store)[0]).toMatchObject({ media: [{ url: each, missing }] });
  });

  it("is waited for where the homeserver does not answer: nothing is archived without it", async () => {
    const store = new MemoryStore();
    const archiving = archiveValues(partitionArgs(store, { [url]: "unavailable" }), [[said(url)]]);
    await expect(archiving).rejects.toThrow("does not answer");
    expect(store.objects.size).toBe(0);
  });
});

describe("the archiver", () => {
  it("writes by age, and what is left when it is told to stop", async () => {
    const store = new MemoryStore();
    const stop = new AbortController();
    const values = ["$1", "$2", "$3"].map((id) => eventValue(id));
    let rounds = 0;
    const events = {
      partitions: async () => [found],
      count: async () => 1,
      fetch: async ([offset = 0]: readonly number[]) => {
        rounds += 1;
        if (rounds === 5) stop.abort();
        return new Map([[0, recordsOf(values, 0).slice(offset, offset + 1)]]);
      },
    };
    const limits = { events: 10, bytes: 1000, ageSeconds: 3600 };
    const args = { ...partitionArgs(store), store, events, limits, retention: { holds: [] }, alive: () => undefined };
    await archive(args, stop.signal);
    expect(linesIn(store)).toEqual(values);
    expect(manifestsIn(store).map(({ nextOffset }) => nextOffset)).toEqual([3]);
    const old = { ...args, limits: { ...limits, ageSeconds: 0 } };
    const again = new AbortController();
    rounds = 0;
    values.push(eventValue("$4"), eventValue("$5"));
    const fetch = (offsets: readonly number[]) => {
      if (rounds > 3) again.abort();
      return events.fetch(offsets);
    };
    await archive({ ...old, events: { ...events, fetch } }, again.signal);
    expect(manifestsIn(store).map(({ nextOffset }) => nextOffset)).toEqual([3, 4, 5]);
  });
});
