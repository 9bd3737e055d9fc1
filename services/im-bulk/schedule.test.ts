import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Schedule, type SenderShare } from "./schedule.ts";

/** Turns that are taken one after the other while all of them wait. */
function turns(schedule: Schedule, waiting: readonly string[], count: number, now = 0): string[] {
  return Array.from({ length: count }, () => {
    const next = schedule.next(waiting, now);
    if (!("sender" in next)) throw new Error(`nobody for ${next.waitSeconds} s`);
    return next.sender;
  });
}

const count = (all: readonly string[], name: string) => all.filter((each) => each === name).length;

describe("turns", () => {
  it("go round among those who wait", () => {
    const schedule = new Schedule({ alerts: { share: 1 }, import: { share: 1 }, tickets: { share: 1 } });
    const all = turns(schedule, ["alerts", "import", "tickets"], 9);
    expect(all.slice(3, 6)).toEqual(all.slice(0, 3));
    expect(new Set(all.slice(0, 3)).size).toBe(3);
  });

  it("come to who asks late at once, however many the other one has had, and no more than every second one", () => {
    const schedule = new Schedule({ alerts: { share: 1 }, import: { share: 1 } });
    turns(schedule, ["import"], 1500);
    const all = turns(schedule, ["import", "alerts"], 40);
    expect(all.slice(0, 2)).toContain("alerts");
    expect(count(all, "alerts")).toBe(20);
  });

  it("are as many as the shares say", () => {
    const schedule = new Schedule({ alerts: { share: 3 }, import: { share: 1 } });
    expect(count(turns(schedule, ["alerts", "import"], 400), "alerts")).toBe(300);
  });

  it("are within each sender's own limit, and left to the others", () => {
    const schedule = new Schedule({ alerts: { share: 1, messagesPerSecond: 2 }, import: { share: 1 } });
    expect(count(turns(schedule, ["alerts", "import"], 100), "alerts")).toBe(1);
    expect(schedule.next(["alerts"], 0.1)).toEqual({ waitSeconds: 0.4 });
    expect(schedule.next(["alerts"], 0.5)).toEqual({ sender: "alerts" });
  });

  it("are nobody's who is unknown", () => {
    expect(() => new Schedule({}).next(["alerts"], 0)).toThrow("no sender alerts");
  });

  it("are never further from a sender's share than one message of each, whoever waits", () => {
    const senders: Record<string, SenderShare> = { a: { share: 1 }, b: { share: 2 }, c: { share: 5 } };
    fc.assert(
      fc.property(fc.array(fc.subarray(["a", "b", "c"], { minLength: 1 }), { maxLength: 50 }), (before) => {
        const schedule = new Schedule(senders);
        for (const waiting of before) schedule.next(waiting, 0);
        const all = turns(schedule, ["a", "b", "c"], 80);
        for (const [name, { share }] of Object.entries(senders))
          expect(Math.abs(count(all, name) - share * 10)).toBeLessThanOrEqual(3);
      }),
    );
  });
});
