import { describe, expect, it } from "@jest/globals";
import { jsonLog } from "../runtime/log.ts";
import { APPROVAL, type LeaseApi, LeaseLeadership, times } from "./leadership.ts";

type Lease = Awaited<ReturnType<LeaseApi["read"]>>;

/** A Lease in memory, and a clock that the test sets. */
function cluster() {
  const state = { now: 1_000, reachable: true };
  let lease: Lease = { metadata: { resourceVersion: "1" }, spec: {} };
  const api: LeaseApi = {
    async read() {
      if (!state.reachable) throw new Error("unreachable");
      return structuredClone(lease);
    },
    async replace(wanted) {
      if (!state.reachable) throw new Error("unreachable");
      if (wanted.metadata.resourceVersion !== lease.metadata.resourceVersion) return undefined;
      const resourceVersion = `${Number(lease.metadata.resourceVersion) + 1}`;
      lease = { ...wanted, metadata: { ...wanted.metadata, resourceVersion } };
      return structuredClone(lease);
    },
  };
  const process = (name: string) =>
    new LeaseLeadership(
      api,
      name,
      jsonLog(() => undefined),
      () => state.now,
    );
  const annotate = (fingerprint: string) => {
    lease = { ...lease, metadata: { ...lease.metadata, annotations: { [APPROVAL]: fingerprint } } };
  };
  return { state, process, annotate, holder: () => lease.spec.holderIdentity };
}

describe("leadership", () => {
  it("is one process' at a time, and nobody acts who does not have it", async () => {
    const { process } = cluster();
    const [a, b] = [process("a"), process("b")];
    expect(() => a.mayAct()).toThrow(/another may lead/);
    expect([await a.tryOnce(), await b.tryOnce()]).toEqual([true, false]);
    expect(() => a.mayAct()).not.toThrow();
    expect(() => b.mayAct()).toThrow();
  });

  it("of one that was paused ends before another can take over", async () => {
    const { state, process } = cluster();
    const [a, b] = [process("a"), process("b")];
    await a.tryOnce();
    await b.tryOnce();
    // Nothing runs in the paused process; the other one looks at each moment.
    for (const end = state.now + 2 * times.durationMs; state.now < end; state.now += 500) {
      const taken = await b.tryOnce();
      if (!taken) continue;
      expect(() => a.mayAct()).toThrow();
      expect(state.now).toBeGreaterThan(1_000 + times.durationMs);
      return;
    }
    throw new Error("nobody took over");
  });

  it("stays with who renews it", async () => {
    const { state, process } = cluster();
    const [a, b] = [process("a"), process("b")];
    await a.tryOnce();
    for (let step = 0; step < 50; step++) {
      state.now += times.retryMs;
      expect([await a.tryOnce(), await b.tryOnce()]).toEqual([true, false]);
    }
  });

  it("is kept for a while when the API server is away, and then given up", async () => {
    const { state, process } = cluster();
    const a = process("a");
    await a.tryOnce();
    state.reachable = false;
    state.now += times.renewDeadlineMs - 1;
    expect(await a.tryOnce()).toBe(true);
    state.now += 1;
    expect(await a.tryOnce()).toBe(false);
    expect(() => a.mayAct()).toThrow();
  });

  it("goes to one of two that try at the same time", async () => {
    const { process, holder } = cluster();
    const results = await Promise.all([process("a").tryOnce(), process("b").tryOnce()]);
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(holder()).toBe(results[0] ? "a" : "b");
  });

  it("is released at an orderly end, so that the next one need not wait", async () => {
    const { process, holder } = cluster();
    const [a, b] = [process("a"), process("b")];
    const stop = new AbortController();
    await a.run(async () => stop.abort(), stop.signal);
    expect(holder()).toBe("");
    expect(await b.tryOnce()).toBe(true);
  });

  it("brings an operator's approval along", async () => {
    const { process, annotate } = cluster();
    annotate("0123456789ab");
    const a = process("a");
    await a.tryOnce();
    expect(a.approval()).toBe("0123456789ab");
  });
});
