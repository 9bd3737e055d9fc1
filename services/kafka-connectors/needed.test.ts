import { describe, expect, it } from "@jest/globals";
import { jsonLog } from "../runtime/log.ts";
import { createMetrics } from "./metrics.ts";
import { actionsNeeded } from "./needed.ts";
import { Patience } from "./patience.ts";
import { Reconciler } from "./reconcile.ts";
import type { Connectors } from "./worker.ts";

const here = "kafka-connect-0.kafka-connect.roost.svc:8083";
const elsewhere = "kafka-connect-1.kafka-connect.roost.svc:8083";
const declared = { synapse: { "tasks.max": "1", "slot.name": "synapse_capture" } };

const found = (state: string, task: string, worker = here, changed: Record<string, string> = {}): Connectors => ({
  synapse: {
    info: { config: { name: "synapse", ...declared.synapse, ...changed } },
    status: {
      connector: { state, worker_id: worker },
      tasks: [
        {
          id: 0,
          state: task,
          worker_id: worker,
          trace:
            "org.apache.kafka.connect.errors.ConnectException: stopped\n\tat a.B.c(B.java:1)\nCaused by: java.sql.SQLException: no slot\n\tat d",
        },
      ],
    },
  },
});

describe("connectors", () => {
  it("that are as declared, and run, are left alone", () => {
    expect(actionsNeeded(declared, found("RUNNING", "RUNNING"), here)).toEqual([]);
    expect(actionsNeeded(declared, found("RUNNING", "UNASSIGNED"), here)).toEqual([]);
  });

  it("that are missing, changed, or nobody's are put right", () => {
    expect(actionsNeeded(declared, {}, here)).toEqual([
      { kind: "configure", connector: "synapse", why: "it was not there" },
    ]);
    expect(actionsNeeded(declared, found("RUNNING", "RUNNING", here, { "tasks.max": "2", mine: "x" }), here)).toEqual([
      { kind: "configure", connector: "synapse", why: "other than declared: tasks.max, mine" },
    ]);
    expect(actionsNeeded({}, found("RUNNING", "RUNNING"), here)).toEqual([{ kind: "remove", connector: "synapse" }]);
  });

  it.each(["PAUSED", "STOPPED"])("that somebody has %s go on", (state) => {
    expect(actionsNeeded(declared, found(state, state), here)).toEqual([{ kind: "resume", connector: "synapse" }]);
  });

  it("that have failed are restarted by the worker that runs them, with the cause in the log", () => {
    const restart = { kind: "restart", connector: "synapse", task: 0, why: "java.sql.SQLException: no slot" };
    expect(actionsNeeded(declared, found("RUNNING", "FAILED"), here)).toEqual([restart]);
    expect(actionsNeeded(declared, found("RUNNING", "FAILED", elsewhere), here)).toEqual([]);
    expect(actionsNeeded(declared, found("FAILED", "FAILED"), here)).toEqual([
      { kind: "restart", connector: "synapse", why: "it does not say why" },
    ]);
  });
});

describe("what fails again and again", () => {
  it("is restarted at once, then after ever longer, and anew when it has held", () => {
    const patience = new Patience({ firstSeconds: 10, mostSeconds: 40 });
    const restarts: number[] = [];
    for (let second = 0; second <= 200; second += 1) if (patience.isOver("task", second * 1000)) restarts.push(second);
    expect(restarts).toEqual([0, 10, 30, 70, 110, 150, 190]);
    expect(patience.isOver("another", 0)).toBe(true);
    expect(patience.isOver("task", 400_000)).toBe(true);
    expect(patience.isOver("task", 410_000)).toBe(true);
  });
});

describe("a pass", () => {
  it("does what is needed, and counts it", async () => {
    const done: string[] = [];
    let now = found("RUNNING", "FAILED");
    const worker = {
      id: here,
      isHealthy: async () => true,
      connectors: async () => now,
      configure: async (connector: string) => void done.push(`configure ${connector}`),
      remove: async (connector: string) => void done.push(`remove ${connector}`),
      resume: async (connector: string) => void done.push(`resume ${connector}`),
      restart: async (connector: string, task?: number) => void done.push(`restart ${connector} ${task}`),
    };
    const metrics = createMetrics();
    const specification = { connectors: declared, restart: { firstSeconds: 10, mostSeconds: 40 } };
    const reconciler = new Reconciler({ specification, worker, metrics, log: jsonLog(() => undefined) });
    await reconciler.pass(0);
    await reconciler.pass(5000);
    expect(done).toEqual(["restart synapse 0"]);
    const text = await metrics.registry.metrics();
    expect(text).toContain('kafka_connectors_actions_total{connector="synapse",kind="restart"} 1');
    expect(text).toContain('kafka_connectors_failed{connector="synapse"} 1');
    now = found("RUNNING", "RUNNING");
    await reconciler.pass(6000);
    expect(await metrics.registry.metrics()).toContain('kafka_connectors_tasks_running{connector="synapse"} 1');
  });
});
