import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { median } from "../../figures.ts";
import { eventually, timed } from "../command.ts";
import type { Message } from "../commands.ts";
import { kubectl, pods } from "../kubectl.ts";
import type { Person } from "../matrix.ts";
import type { Stage } from "../stage.ts";
import { deletePods, killIn, recovered } from "./faults.ts";
import { makeRoom, podLabelsOf, podOf, programsOf, said, startTester, writerOf } from "./kafka.ts";

/** One that writes much at once, and one that writes little meanwhile. */
const SENDERS = ["alerts", "notices"] as const;
type Sender = (typeof SENDERS)[number];
const MANY = 1500;
const FEW = 20;
const SELECTOR = "app.kubernetes.io/name=im-bulk";
const CHAT_MS = 500;
const CHAT_LIMIT_MS = 5000;
/** A look reads all that was said, which the homeserver has to do beside what is measured. */
const LOOK_MS = 3000;
/** The console's producer tries four times for 1.5 s. On a busy machine records would be lost on their way to Kafka. */
const PATIENT = ["request.timeout.ms=30000", "retries=1000"];

const userOf = (sender: Sender) => `bulk-${sender}`;
const topicOf = (sender: Sender) => `im.bulk.${sender}`;

/** The setting `kafka.bulk`, with senders whose pods the chapter starts. @param environment its namespace */
export function bulkSettings(environment: string) {
  const programs = SENDERS.map((sender) => {
    const podLabels = podLabelsOf(userOf(sender));
    return [sender, { namespace: programsOf(environment), podLabels }] as const;
  });
  return {
    kind: "on",
    // The burst takes a minute where the homeserver keeps up, with the time that the pace takes to grow.
    messagesPerSecond: 40,
    // Three instances of PostgreSQL on two processors take longer for a message than production's.
    targetLatencyMs: 1000,
    senders: Object.fromEntries(programs),
  };
}

/**
 * Programs that write much at once, beside people who chat. It comes before the chapter of Kafka, which removes the programs' namespace.
 * @param brokers how many there are
 */
export function bulk(stage: Stage, brokers: number): void {
  describe("a burst", () => {
    const accountOf = (sender: Sender) => `@_bulk_${sender}:${stage.domain}`;
    const write = (sender: Sender, topic: string, values: readonly object[]) => {
      const records = values.map((value) => JSON.stringify({ version: 1, ...value }));
      return writerOf(stage, brokers, userOf(sender), PATIENT)(topic, records);
    };
    let ada: Person;
    let rooms: readonly string[];
    let chat: Chat;

    beforeAll(async () => {
      for (const sender of SENDERS) await startTester(stage, userOf(sender));
      ada = await stage.signIn("ada");
      const invited = SENDERS.map(accountOf);
      rooms = [await makeRoom(ada, "Operations", invited), await makeRoom(ada, "On call", invited)];
      const bob = await stage.signIn("bob");
      chat = new Chat(bob, await makeRoom(bob, "Lounge"));
    }, 600_000);
    afterAll(() =>
      kubectl([
        ...["delete", "pod", "-n", programsOf(stage.namespace), "--ignore-not-found"],
        ...SENDERS.map((sender) => podOf(userOf(sender))),
      ]),
    );

    it("keeps nobody waiting who writes a few messages after it", async () => {
      await writeAll("alerts");
      const began = Date.now();
      await writeAll("notices");
      await eventuallySaid("notices", FEW);
      const all = (await heard()).flat().sort((one, other) => one.at - other.at);
      const [first = 0, ...others] = of("notices", all).map(({ at }) => at);
      const last = others.at(-1) ?? first;
      stage.record("bulk_few_seconds", {
        ...{ value: (last - began) / 1000, unit: "s", n: FEW },
        note: `with the client's own start, while ${MANY} of another sender wait`,
      });
      const many = of("alerts", all).filter(({ at }) => at <= last);
      expect(many.length).toBeLessThan(MANY / 2);
      // Turn and turn about; a little more, since a message may be longer on its way than another.
      expect(many.filter(({ at }) => at >= first).length).toBeLessThanOrEqual(2 * FEW);
    }, 900_000);

    it("goes on when the pod that brings it into rooms is lost", async () => {
      expect(await eventuallySaid("alerts", MANY / 3)).toBeLessThan(MANY);
      const before = await pods(stage.namespace, SELECTOR);
      // A pod that is deleted is told to end first, even by force, and would finish what it is about.
      await killIn(before, /\/im-bulk\.js/);
      await deletePods(before);
      const again = async () => ((await recovered(stage, SELECTOR, before)) ? true : undefined);
      await eventually("another pod to be ready", 180, again, LOOK_MS);
    }, 1_200_000);

    it("is in the rooms in the end: each message once, in the order in which it was written", async () => {
      // What is missing is told below.
      await eventuallySaid("alerts", MANY).catch(() => undefined);
      const inRooms = await heard();
      const all = inRooms.flat();
      const times = new Map<string, number>();
      for (const { sender, body } of all) times.set(`${sender} ${body}`, (times.get(`${sender} ${body}`) ?? 0) + 1);
      const written = SENDERS.flatMap((sender) => messagesOf(sender).map(({ text }) => `${accountOf(sender)} ${text}`));
      const missing = written.filter((each) => !times.has(each));
      const doubled = [...times].filter(([, count]) => count > 1).map(([each]) => each);
      const at = all.map((each) => each.at);
      stage.record("bulk_messages", { value: all.length, unit: "count", n: 1 });
      stage.record("bulk_seconds", {
        ...{ value: (Math.max(...at) - Math.min(...at)) / 1000, unit: "s", n: 1 },
        note: "from the first in a room to the last, with the pod between them lost once",
      });
      stage.record("bulk_missing", { value: missing.length, unit: "count", n: 1 });
      stage.record("bulk_doubled", { value: doubled.length, unit: "count", n: 1 });
      expect({ missing, doubled }).toEqual({ missing: [], doubled: [] });
      for (const [index, room] of rooms.entries()) {
        for (const sender of SENDERS) {
          const texts = messagesOf(sender).flatMap((each) => (each.room === room ? [each.text] : []));
          expect(of(sender, inRooms[index] ?? []).map(({ body }) => body)).toEqual(texts);
        }
      }
    }, 1_800_000);

    it("does not hold up people", async () => {
      const milliseconds = await chat.end();
      const longest = Math.max(...milliseconds);
      stage.record("bulk_chat_max_ms", {
        ...{ value: longest, unit: "ms", n: milliseconds.length },
        note: `a message of a person until it is acknowledged; median ${Math.round(median(milliseconds))}`,
      });
      expect(longest).toBeLessThan(CHAT_LIMIT_MS);
    });

    it("is its sender's own: none writes to the topic of another", async () => {
      const attempt = await write("alerts", topicOf("notices"), [{ room: rooms[0], text: "I am the notices" }]);
      expect(said(attempt)).toMatch(/TopicAuthorizationException/);
    }, 300_000);

    /** What a sender writes: the many to one room and the other in turn, the few to one. */
    function messagesOf(sender: Sender) {
      const [count, to] = sender === "alerts" ? [MANY, rooms] : [FEW, rooms.slice(0, 1)];
      return Array.from({ length: count }, (_, n) => ({ room: to[n % to.length], text: `${sender} ${n}` }));
    }

    async function writeAll(sender: Sender): Promise<void> {
      const result = await write(sender, topicOf(sender), messagesOf(sender));
      expect(said(result)).not.toMatch(/Error when sending|Exception/);
      expect(result.code).toBe(0);
    }

    /** What was said in each of the rooms, in its order. */
    function heard(): Promise<readonly (readonly Message[])[]> {
      return Promise.all(rooms.map(async (roomId) => (await ada.ask("said", { roomId })).messages));
    }

    function of(sender: Sender, all: readonly Message[]): readonly Message[] {
      return all.filter((each) => each.sender === accountOf(sender));
    }

    /** Waits until so many messages of a sender are said, for as long as more and more are. @returns how many are */
    async function eventuallySaid(sender: Sender, count: number): Promise<number> {
      let known = -1;
      for (;;) {
        const before = known;
        const more = async () => {
          const bodies = new Set(of(sender, (await heard()).flat()).map(({ body }) => body));
          return bodies.size > before ? bodies.size : undefined;
        };
        known = await eventually(`more than ${before} of ${count} messages of ${sender}`, 180, more, LOOK_MS);
        if (known >= count) return known;
        await sleep(LOOK_MS);
      }
    }
  });
}

/** Somebody who says something again and again, and how long each message took until it was acknowledged. */
class Chat {
  private readonly milliseconds: number[] = [];
  private readonly talk: Promise<void>;
  private over = false;

  constructor(person: Person, roomId: string) {
    this.talk = this.go(person, roomId);
    // Who ends it is told.
    this.talk.catch(() => undefined);
  }

  /** @throws Error when a message was not taken */
  async end(): Promise<readonly number[]> {
    this.over = true;
    await this.talk;
    return this.milliseconds;
  }

  private async go(person: Person, roomId: string): Promise<void> {
    while (!this.over) {
      const body = `chat ${this.milliseconds.length}`;
      const { seconds } = await timed(() => person.ask("say", { roomId, body }));
      this.milliseconds.push(seconds * 1000);
      await sleep(CHAT_MS);
    }
  }
}
