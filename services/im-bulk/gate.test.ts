import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { Gate } from "./gate.ts";
import { Pace } from "./pace.ts";
import { Schedule } from "./schedule.ts";

const never = new AbortController().signal;

function gateOf(most: number): Gate {
  const senders = { alerts: { share: 1 }, import: { share: 1 } };
  return new Gate(new Schedule(senders), new Pace({ most, targetSeconds: 1 }), () => Date.now() / 1000);
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe("the gate", () => {
  it("lets who comes alone through at once", async () => {
    await expect(gateOf(1).turn("alerts", never)).resolves.toBeUndefined();
  });

  it("keeps to the pace, and lets each in its turn", async () => {
    const gate = gateOf(1);
    const passed: string[] = [];
    const send = async (sender: string, messages: number) => {
      for (let each = 0; each < messages; each += 1) {
        await gate.turn(sender, never);
        passed.push(sender);
      }
    };
    void send("import", 10);
    void send("alerts", 2);
    await jest.advanceTimersByTimeAsync(3500);
    expect(passed).toEqual(["import", "alerts", "import", "alerts"]);
    await jest.advanceTimersByTimeAsync(2000);
    expect(passed.slice(4)).toEqual(["import", "import"]);
  });

  it("holds nobody who is to stop, and gives away no turn for it", async () => {
    const gate = gateOf(1);
    await gate.turn("import", never);
    const stop = new AbortController();
    const held = gate.turn("import", stop.signal);
    stop.abort();
    await expect(held).resolves.toBeUndefined();
    const other = gate.turn("alerts", never);
    await jest.advanceTimersByTimeAsync(1000);
    await expect(other).resolves.toBeUndefined();
  });
});
