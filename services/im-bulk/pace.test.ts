import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Pace } from "./pace.ts";

const args = { most: 20, targetSeconds: 0.2 };

/** A homeserver that takes each message in the same time, for so many seconds. */
function run(pace: Pace, from: number, seconds: number, latency: number): number {
  let now = from;
  while (now < from + seconds) {
    now += 1 / pace.perSecond;
    pace.succeeded(latency, now);
  }
  return now;
}

describe("the pace", () => {
  it("begins with one message a second, and grows by about one each second", () => {
    const pace = new Pace(args);
    expect(pace.perSecond).toBe(1);
    run(pace, 0, 10, 0.05);
    expect(pace.perSecond).toBeGreaterThan(8);
    expect(pace.perSecond).toBeLessThan(13);
  });

  it("ends where the operator has set it, also below one a second", () => {
    const pace = new Pace(args);
    run(pace, 0, 60, 0.05);
    expect(pace.perSecond).toBe(20);
    const slow = new Pace({ ...args, most: 0.2 });
    run(slow, 0, 60, 0.05);
    expect(slow.perSecond).toBe(0.2);
  });

  it("falls fast while answers are slow, and comes back when they are quick again", () => {
    const pace = new Pace(args);
    const later = run(pace, 0, 30, 0.05);
    const busy = run(pace, later, 5, 1);
    expect(pace.perSecond).toBeLessThan(6);
    run(pace, busy, 40, 0.05);
    expect(pace.perSecond).toBe(20);
  });

  it("takes one slow answer among quick ones for chance", () => {
    const pace = new Pace(args);
    const now = run(pace, 0, 30, 0.05);
    pace.succeeded(0.5, now);
    expect(pace.perSecond).toBe(20);
  });

  it("takes failures of one moment for one", () => {
    const pace = new Pace(args);
    const now = run(pace, 0, 30, 0.05);
    for (let each = 0; each < 5; each += 1) pace.failed(now + each / 10);
    expect(pace.perSecond).toBe(10);
    pace.failed(now + 2);
    expect(pace.perSecond).toBe(5);
  });

  it("never stops, and is never more than was set, whatever the homeserver does", () => {
    const answer = fc.oneof(fc.double({ min: 0, max: 60, noNaN: true }), fc.constant("failed" as const));
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 200 }), (answers) => {
        const pace = new Pace(args);
        answers.forEach((each, at) => {
          if (each === "failed") pace.failed(at / 3);
          else pace.succeeded(each, at / 3);
          expect(pace.perSecond).toBeGreaterThanOrEqual(1);
          expect(pace.perSecond).toBeLessThanOrEqual(20);
        });
      }),
    );
  });
});
