/** What it takes until a message is an event in Kafka, and in the archive, and what that costs the homeserver: for `make bench`. */
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { beNice, eventually, processorSeconds } from "../../../tests/contained.ts";
import { median, recordFigure } from "../../../tests/figures.ts";
import { batchLimits } from "../../archive/spec.ts";
import { TestArchive } from "../../archive/testing.ts";
import { TestCapture } from "./testing-capture.ts";
import type { TestConversation } from "./testing-conversation.ts";

jest.setTimeout(1_800_000);

/** Rooms that are written in at once. */
const ROOMS = 6;
/** Pairs of rounds, one with capture and one without. */
const PAIRS = 8;

/** Processors that each pod is guaranteed in the plan for 500 people, where Synapse's has one. */
const GUARANTEED: Readonly<Record<string, number>> = { kafka: 0.2, "kafka-connect": 0.12, "im-events": 0.05 };
/** How much less of a busy processor a step of niceness leaves. */
const NICENESS_STEP = 1.25;

let capture: TestCapture;
let people: TestConversation;
let rooms: readonly string[];

beforeAll(async () => {
  capture = new TestCapture({ asInProduction: true });
  people = await capture.start();
  await capture.beginCapture();
  capture.translate();
  weigh();
  rooms = await Promise.all(Array.from({ length: ROOMS }, () => people.createRoom()));
  await capture.eventuallyModelled(await writeAll(20));
}, 1_800_000);

afterAll(() => capture?.stop());

async function writeAll(count: number): Promise<readonly string[]> {
  return (await Promise.all(rooms.map((room) => people.write(room, count)))).flat();
}

/** Two messages a second in each room. */
async function writeSteadily(seconds: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let second = 0; second < seconds; second += 1) {
    const turn = new Promise((resolve) => setTimeout(resolve, 1000));
    ids.push(...(await writeAll(2)));
    await turn;
  }
  return ids;
}

const LOAD = `${ROOMS * 2} messages a second; everything on one machine`;

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}

let captures = true;

/** Of busy processors each gets its part, as its pod does of those of a node. */
function weigh(): void {
  for (const [name, pid] of capture.processes)
    beNice(pid, Math.round(Math.log(1 / (GUARANTEED[name] ?? 1)) / Math.log(NICENESS_STEP)));
}

/** What all that captures has taken of the processors so far, in seconds. */
function captureSeconds(): number {
  return [...capture.processes.values()].reduce((sum, pid) => sum + processorSeconds(pid), 0);
}

/** Switches capture on or off, and waits until what it has to catch up with is done. */
async function turn(on: boolean): Promise<void> {
  if (on !== captures) await (on ? capture.resumeCapture() : capture.endCapture());
  if (on) weigh();
  captures = on;
  const ids = await writeAll(1);
  if (on) await capture.eventuallyModelled(ids);
}

/** Messages that the homeserver takes a second, from several people at once. */
async function rate(count: number): Promise<number> {
  const started = performance.now();
  await writeAll(count);
  return (ROOMS * count * 1000) / (performance.now() - started);
}

describe("what people write", () => {
  it("is in the topic of events within a second", async () => {
    const ids = await writeSteadily(40);
    const seconds = (await capture.eventuallyModelled(ids)).map((each) => each.seconds);
    for (const share of [0.5, 0.99]) {
      const value = quantile(seconds, share) * 1000;
      recordFigure("bench", `send_to_topic_p${share * 100}_ms`, { value, unit: "ms", n: seconds.length, note: LOAD });
    }
    expect(seconds).toHaveLength(ids.length);
  });

  it("is captured faster than it is written: what has waited is worked off", async () => {
    await turn(false);
    const ids = await writeAll(300);
    await turn(true);
    const times = (await capture.eventuallyModelled(ids)).map(({ at }) => at);
    const seconds = (Math.max(...times) - Math.min(...times)) / 1000;
    recordFigure("bench", "events_per_second", { value: ids.length / seconds, unit: "1/s", n: ids.length });
    expect(times).toHaveLength(ids.length);
  });

  it("is in the archive within a minute", async () => {
    const archive = await TestArchive.of({ kafka: capture.kafka, homeserver: capture.synapse }, batchLimits);
    try {
      await archive.run();
      const ids = await writeSteadily(60);
      let delays = await archive.delays();
      await eventually("all of them to be archived", 120, async () => {
        delays = await archive.delays();
        return ids.every((id) => delays.has(id));
      });
      const seconds = ids.map((id) => delays.get(id) ?? Number.NaN);
      for (const share of [0.5, 0.99]) {
        const value = quantile(seconds, share);
        const note = `${LOAD}; batches as in production`;
        recordFigure("bench", `send_to_archive_p${share * 100}_seconds`, { value, unit: "s", n: seconds.length, note });
      }
      expect(quantile(seconds, 0.99)).toBeLessThan(60);
    } finally {
      await archive.end();
    }
  });

  it("costs the homeserver little to have captured", async () => {
    const rates = { with: [] as number[], without: [] as number[] };
    const costs = { with: [] as number[], without: [] as number[] };
    for (let pair = 0; pair < PAIRS; pair += 1) {
      // Which comes first changes, so that what grows meanwhile weighs on both.
      for (const side of pair % 2 === 0 ? (["without", "with"] as const) : (["with", "without"] as const)) {
        await turn(side === "with");
        // What the test reads is no part of capture.
        await capture.endConsuming();
        const before = captureSeconds();
        rates[side].push(await rate(60));
        costs[side].push(((captureSeconds() - before) * 1000) / (60 * ROOMS));
        await capture.consume();
      }
    }
    const [on, off] = [median(rates.with), median(rates.without)];
    const note = `median of ${PAIRS} rounds each, alternating; of the same processors each has the part of its pod`;
    const n = PAIRS * 60 * ROOMS;
    recordFigure("bench", "messages_per_second_captured", { value: on, unit: "1/s", n, note });
    recordFigure("bench", "messages_per_second_not_captured", { value: off, unit: "1/s", n, note });
    recordFigure("bench", "capture_cost_ratio", { value: 1 - on / off, unit: "ratio", n, note });
    const [taking, idle] = [median(costs.with), median(costs.without)];
    const of = "of Kafka, Connect and im-events together, beyond what they take while nothing is captured";
    recordFigure("bench", "capture_processor_ms_per_message", { value: taking - idle, unit: "ms", n, note: of });
    expect(on).toBeGreaterThan(0);
  });
});
