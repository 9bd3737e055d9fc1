import { beforeEach, describe, expect, it } from "@jest/globals";
import { pack } from "./event.ts";
import { archiveValues, eventValue, MemoryStore, partitionArgs } from "./testing.ts";
import { verifyArchive } from "./verify.ts";

let store: MemoryStore;
const url = "mxc://example.org/abc";

beforeEach(async () => {
  store = new MemoryStore();
  const values = Array.from({ length: 12 }, (_, index) => eventValue(`$${index}`));
  const args = partitionArgs(store, { [url]: "a picture" });
  await archiveValues(args, [
    values.slice(0, 4),
    values.slice(4, 6),
    [...values.slice(5, 9), eventValue("$file", { media: { url } })],
    values.slice(9),
  ]);
  await archiveValues(args, [[eventValue("$other")]], 1);
});

const findings = async () => (await verifyArchive({ store })).findings;
const at = (keys: readonly string[], index: number) => {
  const key = keys[index] ?? "";
  return { key, content: store.objects.get(key) ?? Buffer.from("") };
};
const swap = (keys: readonly string[], one: number, other: number) => {
  const [first, second] = [at(keys, one), at(keys, other)];
  store.objects.set(first.key, second.content);
  store.objects.set(second.key, first.content);
};

describe("an archive that nobody touched", () => {
  it("is whole, with each event once and each file", async () => {
    const ids: string[] = [];
    const report = await verifyArchive({ store, onEvent: ({ id }) => void ids.push(id) });
    expect(report).toMatchObject({ findings: [], records: 15, uniqueEvents: 14, media: 1, leftovers: [] });
    expect(report.partitions.map(({ sequence, events, gaps }) => [sequence, events, gaps])).toEqual([
      [4, 14, 0],
      [1, 1, 0],
    ]);
    expect(new Set(ids).size).toBe(14);
    expect((await verifyArchive({ store, earlier: report.partitions })).findings).toEqual([]);
  });

  it("may have what a killed program left", async () => {
    const key = "events/date=2026-11-30/partition=0/left.jsonl.gz";
    store.objects.set(key, pack([eventValue("$left")]));
    expect(await verifyArchive({ store })).toMatchObject({ findings: [], leftovers: [key] });
  });
});

describe("a batch", () => {
  it("that was altered is named, and no other", async () => {
    const { key } = at(store.batches, 1);
    store.objects.set(key, pack([eventValue("$4"), eventValue("$forged")]));
    expect(await findings()).toEqual([{ key, problem: "was altered" }]);
  });

  it("that was removed is named, and no other", async () => {
    const { key } = at(store.batches, 1);
    store.objects.delete(key);
    expect(await findings()).toEqual([{ key, problem: "is missing" }]);
  });

  it("that was put in the place of another is named, with its place", async () => {
    swap(store.batches, 1, 2);
    const [one, other] = [at(store.batches, 1).key, at(store.batches, 2).key];
    expect(await findings()).toEqual([
      { key: one, problem: `is out of its order: it holds what belongs at ${other}` },
      { key: other, problem: `is out of its order: it holds what belongs at ${one}` },
    ]);
  });
});

describe("a manifest", () => {
  const replace = (index: number, from: string | RegExp, to: string) => {
    const { key, content } = at(store.manifests, index);
    store.objects.set(key, Buffer.from(content.toString().replace(from, to)));
    return key;
  };

  it.each([0, 1, 2])("that was altered is named, and no other (%s)", async (index) => {
    const key = replace(index, /"writtenAt":"\d{4}/, '"writtenAt":"2001');
    expect(await findings()).toEqual([{ key, problem: "was altered: its hash is not the one that the chain has" }]);
  });

  it("whose link to the one before was altered is named itself", async () => {
    const key = replace(1, /"previous":"[0-9a-f]{64}"/, `"previous":"${"0".repeat(64)}"`);
    expect(await findings()).toEqual([{ key, problem: "was altered: its hash is not the one that the chain has" }]);
  });

  it("that is none any more is named", async () => {
    const { key } = at(store.manifests, 1);
    store.objects.set(key, Buffer.from("{}"));
    expect(await findings()).toContainEqual({ key, problem: "was altered: it is no manifest" });
  });

  it("that was removed is named", async () => {
    const { key } = at(store.manifests, 1);
    store.objects.delete(key);
    expect(await findings()).toEqual([{ key, problem: "is missing, or is not what was written there" }]);
  });

  it("that was put in the place of another is named, with its place", async () => {
    swap(store.manifests, 1, 2);
    const [one, other] = [at(store.manifests, 1).key, at(store.manifests, 2).key];
    expect(await findings()).toEqual(
      expect.arrayContaining([
        { key: one, problem: `is out of its order: it holds what belongs at ${other}` },
        { key: other, problem: `is out of its order: it holds what belongs at ${one}` },
      ]),
    );
  });

  it("at the end that was removed, or written anew, is seen by whoever has checked before", async () => {
    const { partitions: earlier } = await verifyArchive({ store });
    const key = replace(3, /"writtenAt":"\d{4}/, '"writtenAt":"2001');
    expect(await findings()).toEqual([]);
    const altered = await verifyArchive({ store, earlier });
    expect(altered.findings).toEqual([{ key, problem: "was altered since it was checked before" }]);
    store.objects.delete(key);
    const cut = await verifyArchive({ store, earlier });
    expect(cut.findings).toEqual([{ key, problem: "was there when it was checked before, and is not now" }]);
  });

  it("that was written again is seen where the bucket keeps versions", async () => {
    const { key } = at(store.manifests, 3);
    store.again.push(key);
    expect(await findings()).toEqual([{ key, problem: "was written or deleted again: it has 2 versions" }]);
  });
});

describe("a file", () => {
  it("that was altered, or removed, is named", async () => {
    const key = [...store.objects.keys()].find((each) => each.startsWith("media/")) ?? "";
    store.objects.set(key, Buffer.from("another"));
    expect(await findings()).toEqual([{ key, problem: "was altered" }]);
    store.objects.delete(key);
    expect(await findings()).toEqual([{ key, problem: "is missing" }]);
  });
});
