import { beforeEach, describe, expect, it } from "@jest/globals";
import { jsonLog } from "../runtime/log.ts";
import { Forward } from "./forward.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import type { Outcome, Outgoing } from "./outcome.ts";
import { Pace } from "./pace.ts";

const sender = { topic: "im.bulk.alerts", localpart: "_bulk_alerts", displayName: "Alerts", share: 1 };
const never = new AbortController().signal;
const record = (fields: object) => ({
  ...{ offset: 7n, timestamp: 1_700_000_000_000n },
  value: JSON.stringify({ version: 1, room: "!a:example.org", text: "x", ...fields }),
});

let tried: Outgoing[];
let metrics: Metrics;
let pace: Pace;

beforeEach(() => {
  tried = [];
  metrics = createMetrics(["alerts"]);
  pace = new Pace({ most: 20, targetSeconds: 0.2 });
});

/** A homeserver that answers so, one after the other. */
function forwardTo(...outcomes: readonly Outcome[]): Forward {
  const send = async (message: Outgoing) => {
    const outcome = outcomes[tried.length];
    tried.push(message);
    if (outcome === undefined) throw new Error("it was tried too often");
    return outcome;
  };
  const gate = { turn: async () => undefined };
  return new Forward({ homeserver: { send }, gate, pace, metrics, log: jsonLog(() => undefined) });
}

const sent: Outcome = { kind: "sent", seconds: 0.05 };
const soon: Outcome = { kind: "unavailable", reason: "429", waitSeconds: 0.001 };

async function value(name: "sent" | "refused" | "unavailable"): Promise<number | undefined> {
  return (await metrics[name].get()).values[0]?.value;
}

describe("a record", () => {
  it("is brought to the homeserver as the sender's account, with what makes it one", async () => {
    expect(await forwardTo(sent).forward("alerts", sender, record({}), never)).toBe("sent");
    expect(tried).toEqual([
      expect.objectContaining({ account: sender, room: "!a:example.org", transaction: "at-7-1700000000000" }),
    ]);
    expect([await value("sent"), pace.perSecond]).toEqual([1, 2]);
  });

  it("is one by the sender's own id, wherever it is in Kafka", async () => {
    await forwardTo(sent).forward("alerts", sender, record({ id: "incident 12" }), never);
    expect(tried[0]?.transaction).toBe("id-incident 12");
  });

  it("is tried again as the same message when the homeserver takes it not now", async () => {
    expect(await forwardTo(soon, soon, sent).forward("alerts", sender, record({}), never)).toBe("sent");
    expect(new Set(tried.map(({ transaction }) => transaction)).size).toBe(1);
    expect([tried.length, await value("unavailable")]).toEqual([3, 2]);
  });

  it("is refused with the homeserver's reason, and not tried again", async () => {
    const no: Outcome = { kind: "refused", reason: "403 M_FORBIDDEN" };
    expect(await forwardTo(no).forward("alerts", sender, record({}), never)).toEqual({ refused: "403 M_FORBIDDEN" });
    expect([tried.length, await value("refused")]).toEqual([1, 1]);
  });

  it("that is no message troubles the homeserver not at all", async () => {
    const fate = await forwardTo().forward("alerts", sender, record({ text: "" }), never);
    expect(fate).toEqual({ refused: expect.stringContaining("text") });
    expect(tried).toEqual([]);
  });

  it("is left as it is when the program is to stop", async () => {
    expect(await forwardTo().forward("alerts", sender, record({}), AbortSignal.abort())).toBe("stopped");
    expect(tried).toEqual([]);
  });
});
