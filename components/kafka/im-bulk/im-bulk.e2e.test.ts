/** Bursts of real senders into a real Kafka, brought into rooms of a real Synapse, beside a person who chats. */
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { eventually } from "../../../tests/contained.ts";
import { median, recordFigure } from "../../../tests/figures.ts";
import { fromExposition, recordedMetrics } from "../../observability/metrics/recorded.ts";
import { refusal } from "../testing-client.ts";
import { topicOf } from "./spec.ts";
import { type Said, TestBulk } from "./testing.ts";

// A busy machine starts four programs slowly.
jest.setTimeout(600_000);

const MANY = 600;
const FEW = 20;
// On a machine that runs other suites beside it a message takes several times as long as on one of its own.
const pace = { messagesPerSecond: 40, targetLatencyMs: 1000 };

let bulk: TestBulk;
/** The room that all of them write to, and one where a person chats. */
let room: string;
let lounge: string;

beforeAll(async () => {
  bulk = new TestBulk({
    import: { share: 1 },
    alerts: { share: 1, displayName: "Alerts" },
    tickets: { share: 1 },
  });
  await bulk.start();
  room = await bulk.createRoom({ alias: "operations" });
  lounge = await bulk.createRoom();
}, 1_200_000);

afterAll(() => bulk?.stop());

const numbered = (sender: string, count: number) =>
  Array.from({ length: count }, (_, n) => ({ room: "#operations:example.org", text: `${sender} ${n}` }));
const of = (sender: string, all: readonly Said[]) => all.filter((each) => each.sender === bulk.userId(sender));
const bodiesOf = (sender: string, all: readonly Said[]) => of(sender, all).map(({ body }) => body);
/** Waits for as long as there are more and more. */
async function eventuallySaid(sender: string, count: number): Promise<void> {
  for (let known = -1; known < count; ) {
    let found = known;
    await eventually(`more than ${known} of ${count} messages of ${sender}`, 90, async () => {
      found = of(sender, await bulk.said(room)).length;
      return found > known;
    });
    known = found;
  }
}

/** How long a person waits for a message to be taken, in milliseconds. */
async function personSends(count: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let each = 0; each < count; each += 1) {
    times.push((await bulk.say(lounge)) * 1000);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  return times.sort((a, b) => a - b);
}

function record(name: string, times: readonly number[]): void {
  const worst = times[Math.floor(times.length * 0.99)] ?? 0;
  recordFigure("e2e", `${name}_p50_ms`, { value: median(times), unit: "ms", n: times.length });
  recordFigure("e2e", `${name}_p99_ms`, { value: worst, unit: "ms", n: times.length });
}

describe("a burst of one sender", () => {
  it("holds up neither another sender, who gets every other turn, nor people", async () => {
    await personSends(10);
    const alone = await personSends(60);
    bulk.run(pace);
    await bulk.write("import", numbered("import", MANY));
    await eventuallySaid("import", MANY / 10);
    await bulk.write("alerts", numbered("alerts", FEW));
    await bulk.write("tickets", numbered("tickets", FEW));
    const beside = await personSends(60);
    await eventuallySaid("alerts", FEW);
    record("bulk_person_alone", alone);
    record("bulk_person_beside", beside);

    const all = await bulk.said(room);
    expect(bodiesOf("alerts", all)).toEqual(numbered("alerts", FEW).map(({ text }) => text));
    const first = all.findIndex(({ sender }) => sender === bulk.userId("alerts"));
    const last = all.findLastIndex(({ sender }) => sender === bulk.userId("alerts"));
    const meanwhile = all.slice(first, last).filter(({ sender }) => sender === bulk.userId("import"));
    recordFigure("e2e", "bulk_turns_of_others_ratio", { value: meanwhile.length / FEW, unit: "ratio", n: FEW });
    // One of each in turn; a little more, since a message may be longer on its way than another.
    expect(meanwhile.length).toBeLessThanOrEqual(2 * FEW);
    // It goes on meanwhile: how far it has come is the machine's affair.
    expect(of("import", all).length).toBeLessThan(MANY);
  });

  it("goes on where it was when the program is killed", async () => {
    const before = of("import", await bulk.said(room)).length;
    await bulk.kill();
    bulk.run(pace);
    await eventuallySaid("import", before + MANY / 20);
  });

  it("waits for a homeserver that is killed", async () => {
    const before = of("import", await bulk.said(room)).length;
    await bulk.synapse.kill();
    await eventually("the program to find out", 60, () => bulk.log().includes("does not answer"));
    await bulk.synapse.start();
    await eventuallySaid("import", before + MANY / 20);
  });

  it("is all there in the end: each message once, in the order in which it was written", async () => {
    const started = Date.now();
    const before = of("import", await bulk.said(room)).length;
    await eventuallySaid("import", MANY);
    const seconds = (Date.now() - started) / 1000;
    const value = (MANY - before) / seconds;
    recordFigure("e2e", "bulk_messages_per_second", { value, unit: "1/s", n: MANY - before });
    const all = await bulk.said(room);
    for (const [sender, count] of Object.entries({ import: MANY, alerts: FEW, tickets: FEW }))
      expect(bodiesOf(sender, all)).toEqual(numbered(sender, count).map(({ text }) => text));
  });
});

describe("a sender", () => {
  it("cannot write to another's topic", async () => {
    const attempt = bulk.write("alerts", [{ room, text: "I am the import" }], topicOf("import"));
    expect(await refusal(attempt)).toMatch(/authori[sz]/i);
  });

  it("says a message once that it writes again with one id, though the homeserver was killed meanwhile", async () => {
    const again = { room, text: "once", id: "incident 4711" };
    await bulk.write("alerts", [again, again]);
    await eventuallySaid("alerts", FEW + 1);
    await bulk.synapse.kill();
    await bulk.synapse.start();
    await bulk.write("alerts", [again, { room, text: "after it" }]);
    await eventuallySaid("alerts", FEW + 2);
    expect(bodiesOf("alerts", await bulk.said(room)).slice(FEW)).toEqual(["once", "after it"]);
  });

  it("gets into a room that it was invited to, under its name for people, and may say when something was said", async () => {
    const invited = await bulk.createRoom({ invite: [bulk.userId("alerts")] });
    await bulk.write("alerts", [{ room: invited, text: "long ago", time: "2024-02-29T12:00:00Z" }]);
    await eventually("the message", 60, async () => (await bulk.said(invited)).length > 0);
    expect(await bulk.said(invited)).toEqual([
      { sender: bulk.userId("alerts"), body: "long ago", time: Date.parse("2024-02-29T12:00:00Z") },
    ]);
    const member = `v3/rooms/${encodeURIComponent(invited)}/state/m.room.member/${bulk.userId("alerts")}`;
    expect(await bulk.ask("GET", member)).toMatchObject({ membership: "join", displayname: "Alerts" });
  });

  it("has what is no message, or has no place, put aside with the reason; what follows is said", async () => {
    const closed = await bulk.createRoom({ invite: [] });
    const encrypted = await bulk.createRoom({ encrypted: true });
    await bulk.write("tickets", [
      "no JSON",
      { room: closed, text: "let me in" },
      { room: encrypted, text: "in plain text" },
      { room: "#nowhere:example.org", text: "anybody?" },
      { room, text: "x".repeat(70_000) },
      { room, text: "that one is good" },
    ]);
    const reasons = (await bulk.putAside(5)).map(({ reason }) => reason);
    expect(reasons).toEqual([
      "it is no JSON",
      expect.stringMatching(/enter .*invite @_bulk_tickets:example\.org.*403/),
      expect.stringContaining("is encrypted"),
      expect.stringMatching(/#nowhere.*404/),
      expect.stringMatching(/413 M_TOO_LARGE/),
    ]);
    await eventuallySaid("tickets", FEW + 1);
    expect(bodiesOf("tickets", await bulk.said(room)).at(-1)).toBe("that one is good");
    expect(await bulk.said(encrypted)).toEqual([]);
  });

  it("has an account that nobody else can make", async () => {
    const attempt = bulk.synapse.makeAccount("_bulk_other", "correct horse battery staple", false);
    expect(await refusal(attempt)).toMatch(/begin with _|reserved/);
  });
});

describe("the program", () => {
  it("tells Prometheus what rules and dashboards ask for", async () => {
    const missing = [...(recordedMetrics().get("im-bulk") ?? [])].filter(
      ([name]) => !fromExposition(text).has(name) && !/^(up|scrape_)/.test(name),
    );
    expect(missing).toEqual([]);
    expect(text).toMatch(/^im_bulk_waiting\{sender="import"\} 0$/m);
  });

  let text: string;
  beforeAll(async () => {
    await eventually("nothing to wait", 30, async () => {
      text = await bulk.metrics();
      return /^im_bulk_waiting\{sender="tickets"\} 0$/m.test(text);
    });
  });
});
