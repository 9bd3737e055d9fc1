/** Twenty thousand events over twenty rooms, with edits, redactions and files, while all that the archive needs fails in turn. */
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { eventually } from "../../tests/contained.ts";
import { recordFigure } from "../../tests/figures.ts";
import { TestArchive, type TestEvent } from "./testing.ts";

jest.setTimeout(1_800_000);

const COUNT = 20_000;
const rooms = Array.from({ length: 20 }, (_, index) => `!room${index}:example.org`);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
let archive: TestArchive;

beforeAll(async () => {
  archive = await TestArchive.start(6, { events: 1000, bytes: 2 ** 24, ageSeconds: 2 });
}, 1_800_000);

afterAll(() => archive?.stop());

/** Of a hundred events ninety say something, five edit what was said before in their room, four take it back, one has a file. */
async function conversation(): Promise<readonly TestEvent[]> {
  const urls = await Promise.all(Array.from({ length: 20 }, (_, index) => archive.upload(`file ${index}`)));
  return Array.from({ length: COUNT }, (_, number) => {
    const event = { id: `$${number}`, room: rooms[number % rooms.length] ?? "" };
    const before = `$${number - rooms.length}`;
    const kind = Math.floor(number / rooms.length) % 20;
    if (kind === 19) return { ...event, media: { url: urls[number % urls.length] ?? "" } };
    if (kind === 10) return { ...event, kind: "edit", replaces: before };
    return kind === 15 ? { ...event, kind: "redaction", type: "m.room.redaction", redacts: before } : event;
  });
}

describe("much that is written while all fails in turn", () => {
  it("is archived whole, each event once and in its order", async () => {
    const events = await conversation();
    const parts = Array.from({ length: 10 }, (_, index) =>
      events.slice((index * COUNT) / 10, ((index + 1) * COUNT) / 10),
    );
    const started = Date.now();
    let program = await archive.run();
    for (const [index, part] of parts.entries()) {
      // What comes twice is one event: some of the part before comes again, as after a crash of its maker.
      await archive.produce(index % 3 === 2 ? [...(parts[index - 1] ?? []).slice(-100), ...part] : part);
      if (index % 2 === 0) {
        await pause(700);
        await archive.kill(program);
        program = await archive.run();
      }
      if (index === 3) await archive.run();
      if (index === 5) {
        await archive.store.end("SIGKILL");
        await pause(10_000);
        await archive.store.run();
      }
      if (index === 7) {
        await archive.homeserver.kill();
        await pause(5000);
        await archive.homeserver.start();
      }
    }
    const report = await archive.archived(COUNT, 600);
    const seconds = (Date.now() - started) / 1000;
    expect(report.findings).toEqual([]);
    expect(report.media).toBeGreaterThan(0);
    let ordered = 0;
    for (const room of rooms) {
      const ids = (await archive.find({ room })).map(({ event }) => event.id);
      const wanted = events.filter((each) => each.room === room).map(({ id }) => id);
      expect(ids).toEqual(wanted);
      ordered += ids.length;
    }
    const figure = (name: string, value: number, note?: string) =>
      recordFigure("e2e", name, { value, unit: "count", n: 1, ...(note !== undefined && { note }) });
    figure("archive_drill_events", report.uniqueEvents, `${report.records} records, of which 300 came twice`);
    figure(
      "archive_drill_missing",
      COUNT - ordered,
      "with five kills, two programs, and the store and the homeserver away",
    );
    figure("archive_drill_doubled", report.records - COUNT - 300);
    recordFigure("e2e", "archive_drill_seconds", { value: seconds, unit: "s", n: 1 });
  });

  it("is archived within seconds of being sent", async () => {
    const seconds: number[] = [];
    for (let sample = 0; sample < 10; sample += 1) {
      const sent = Date.now();
      await archive.produce([{ id: `$late${sample}`, room: rooms[0] ?? "" }]);
      await archive.written(`$late${sample}`);
      seconds.push((Date.now() - sent) / 1000);
    }
    const value = Math.max(...seconds);
    recordFigure("e2e", "topic_to_archive_max_seconds", { value, unit: "s", n: seconds.length });
    expect(value).toBeLessThan(60);
  });

  it("is taken at a rate", async () => {
    await archive.endAll();
    const count = 20_000;
    const more = Array.from({ length: count }, (_, number) => ({
      id: `$more${number}`,
      room: rooms[number % rooms.length] ?? "",
    }));
    await archive.produce(more);
    const before = archive.told.length;
    const started = Date.now();
    await archive.run();
    await eventually("all of them to be archived", 300, () => {
      const batches = archive.told.slice(before).filter(({ message }) => message === "batch");
      return batches.reduce((sum, { events }) => sum + Number(events), 0) >= count;
    });
    const value = count / ((Date.now() - started) / 1000);
    recordFigure("e2e", "archive_events_per_second", {
      value,
      unit: "1/s",
      n: count,
      note: "from the start of the program",
    });
  });
});
