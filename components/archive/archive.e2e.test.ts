/** The archive of a real Kafka in a real object store, with files of a real homeserver, while all of it fails in turn. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { Chain } from "../../services/archive/chain.ts";
import { EVENTS, MANIFESTS, manifestKey } from "../../services/archive/manifest.ts";
import { createMetrics } from "../../services/archive/metrics.ts";
import { retain } from "../../services/archive/retention.ts";
import { jsonLog } from "../../services/runtime/log.ts";
import { eventually } from "../../tests/contained.ts";
import { recordFigure } from "../../tests/figures.ts";
import { exportEvents } from "../../tools/archive/export.ts";
import { wantedOf } from "../../tools/archive/wanted.ts";
import { TestArchive, type TestEvent, topic } from "./testing.ts";

// A busy machine starts four programs slowly.
jest.setTimeout(600_000);

const rooms = Array.from({ length: 5 }, (_, index) => `!room${index}:example.org`);
const sent: TestEvent[] = [];
let archive: TestArchive;

/** Events that follow on those that were sent so far, over all rooms. */
function next(count: number): readonly TestEvent[] {
  return Array.from({ length: count }, () => nextOne());
}

function nextOne(media?: TestEvent["media"]): TestEvent {
  const event = { id: `$${sent.length}`, room: rooms[sent.length % rooms.length] ?? "", ...(media && { media }) };
  sent.push(event);
  return event;
}

async function expectEachOnceInOrder(): Promise<void> {
  const report = await archive.archived(sent.length);
  expect(report.findings).toEqual([]);
  expect(report.uniqueEvents).toBe(sent.length);
  // What the chain holds is each record of Kafka once: none was archived twice, whatever was killed.
  expect(report.records).toBe(sent.length);
  for (const room of rooms) {
    const ids = (await archive.find({ room })).map(({ event }) => event.id);
    expect(ids).toEqual(sent.filter((each) => each.room === room).map(({ id }) => id));
  }
}

beforeAll(async () => {
  archive = await TestArchive.start(3, { events: 200, bytes: 2 ** 22, ageSeconds: 1 });
}, 1_200_000);

afterAll(() => archive?.stop());

describe("what is sent", () => {
  it("is archived a few seconds later, each once and in its order", async () => {
    await archive.run();
    await archive.produce(next(1000));
    const started = Date.now();
    await expectEachOnceInOrder();
    recordFigure("e2e", "archive_thousand_events_seconds", {
      value: (Date.now() - started) / 1000,
      unit: "s",
      n: 1,
      note: "with the check of all of it",
    });
  });

  it("is archived with its files, and those that are gone are named", async () => {
    const url = await archive.upload("a file of Ada's");
    const event = nextOne({ url, name: "a.txt" });
    await archive.produce([event, nextOne({ url: "mxc://example.org/gone" })]);
    await expectEachOnceInOrder();
    expect(await archive.verify()).toMatchObject({ media: 1, mediaMissing: 1 });
    const found = (await archive.find(event)).find((each) => each.event.id === event.id);
    const key = found?.media !== undefined && "key" in found.media ? found.media.key : "";
    expect((await archive.objects.get(key))?.toString()).toBe("a file of Ada's");
  });
});

describe("a program that is killed again and again while it writes", () => {
  it("loses nothing and doubles nothing", async () => {
    for (let kills = 0; kills < 4; kills += 1) {
      const program = await archive.run();
      await archive.produce(next(600));
      await new Promise((resolve) => setTimeout(resolve, 500 + 400 * kills));
      await archive.kill(program);
    }
    await archive.run();
    await expectEachOnceInOrder();
  });
});

describe("two programs at once", () => {
  it("write one chain: whoever comes second begins anew, and nothing is there twice", async () => {
    await archive.run();
    await archive.produce(next(1500));
    await expectEachOnceInOrder();
    const fenced = archive.told.filter(({ error }) => String(error).startsWith("another program has written"));
    expect(fenced.length).toBeGreaterThan(0);
  });
});

describe("an object store that is away", () => {
  it("is waited for, while Kafka keeps what comes", async () => {
    await archive.store.end("SIGKILL");
    await archive.produce(next(700));
    await eventually("the program to say so", 60, () =>
      archive.told.some(({ error }) => /ECONNREFUSED/.test(String(error))),
    );
    const started = Date.now();
    await archive.store.run();
    await expectEachOnceInOrder();
    recordFigure("e2e", "archive_back_seconds", { value: (Date.now() - started) / 1000, unit: "s", n: 1 });
  });
});

describe("a homeserver that is away", () => {
  it("is waited for where an event has a file", async () => {
    const url = await archive.upload("another file");
    await archive.homeserver.kill();
    await archive.produce([nextOne({ url })]);
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect((await archive.verify()).uniqueEvents).toBe(sent.length - 1);
    await archive.homeserver.start();
    await expectEachOnceInOrder();
    expect((await archive.verify()).media).toBe(2);
  });
});

describe("who changes the archive", () => {
  const contentOf = async (key: string) => (await archive.objects.get(key)) ?? Buffer.from("");

  it.each([
    ["a batch", EVENTS],
    ["a manifest", MANIFESTS],
  ])("is found out, and %s is named: altered, removed, or put in another's place", async (_, prefix) => {
    const [, key = "", other = ""] = await archive.keys(prefix);
    const [content, second] = [await contentOf(key), await contentOf(other)];
    const problemsOf = async (each: string) =>
      (await archive.verify()).findings.filter((finding) => finding.key === each).map(({ problem }) => problem);
    const altered = Buffer.from(
      content.toString("latin1").replace(/[0-9]/, (digit) => `${(Number(digit) + 1) % 10}`),
      "latin1",
    );
    await archive.overwrite(key, prefix === EVENTS ? Buffer.from("forged") : altered);
    expect((await problemsOf(key)).join()).toMatch(/was altered/);
    await archive.overwrite(key, undefined);
    expect((await problemsOf(key)).join()).toMatch(/is missing/);
    await archive.overwrite(key, second);
    await archive.overwrite(other, content);
    expect((await problemsOf(key)).join()).toContain(`it holds what belongs at ${other}`);
    expect((await problemsOf(other)).join()).toContain(`it holds what belongs at ${key}`);
    await archive.overwrite(key, content);
    await archive.overwrite(other, second);
    expect((await archive.verify()).findings).toEqual([]);
  });
});

describe("an export", () => {
  it.each([{ room: rooms[1] ?? "" }, { person: "@ada:example.org" }])("has all of %j", async (wanted) => {
    const folder = mkdtempSync(join(tmpdir(), "roost-export-"));
    try {
      const now = new Date();
      const result = await exportEvents({ store: archive.objects, wanted: wantedOf(wanted), folder, now });
      const count = sent.filter(({ room }) => !("room" in wanted) || room === wanted.room).length;
      expect(result.events).toBe(count);
      expect(readFileSync(join(folder, "index.html"), "utf8")).toContain("says $1");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("what is too old", () => {
  it("is removed for good, but for what is held, and the chain is whole", async () => {
    const { lock, ...args } = await quiet();
    const held = (await archive.find({ room: rooms[0] ?? "" })).length;
    const holds = [{ reason: "case 7", rooms: [rooms[0] ?? ""], persons: [] }];
    const today = () => new Date(Date.now() + 40 * 86_400_000);
    const removing = retain({ ...args, lock, retention: { days: 30, holds }, today });
    for (let round = 0; round < 60; round += 1) await removing.next();
    const report = await archive.verify();
    expect(report.findings).toEqual([]);
    expect(report.removed).toBeGreaterThan(0);
    expect((await archive.find({ room: rooms[0] ?? "" })).length).toBe(held);
    const [kept = ""] = await archive.keys(EVENTS);
    await expect(archive.objects.remove(kept)).rejects.toThrow("the object store answers DELETE");
    expect(new Set(await archive.keys(EVENTS, "versions"))).toEqual(new Set(await archive.keys(EVENTS)));
  });

  it("cannot be removed by anybody while it is locked", async () => {
    await archive.run({ lock: { mode: "GOVERNANCE", days: 1 } });
    const before = (await archive.verify()).uniqueEvents;
    await archive.produce(next(10));
    await archive.archived(before + 10);
    const written = archive.told.findLast(({ message }) => message === "batch");
    const key = manifestKey(Number(written?.partition), Number(written?.sequence));
    await expect(archive.objects.remove(key)).rejects.toThrow(/answers DELETE/);
  });

  /** Ends the programs, so that this is the one that writes. */
  async function quiet() {
    await archive.endAll();
    const chains = [];
    for (const partition of [0, 1, 2]) chains.push(await Chain.open(archive.objects, partition));
    const lock = { mode: "GOVERNANCE" as const, days: 1 };
    return { store: archive.objects, chains, topic, lock, metrics: createMetrics(), log: jsonLog(() => undefined) };
  }
});
