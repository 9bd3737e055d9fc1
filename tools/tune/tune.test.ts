import { describe, expect, it } from "@jest/globals";
import { parseEnvironment, planOf, readSettings } from "../../environment/index.ts";
import { type Advice, adviceOf } from "./advice.ts";
import type { Measures } from "./measures.ts";
import { tuneText } from "./text.ts";

const plan = planOf(parseEnvironment(readSettings({ "roost:domain": "example.org", "roost:users": "500" })));
const use = { memoryMiB: 300, residentMiB: 200, cpus: 0.2 };
const postgres = { connections: 30, hitRatio: 0.995, readsPerSecond: 20, temporaryMiBPerDay: 3, sizeMiB: 3000 };
const synapse = { missRatio: 0.03, evictedPerSecond: 1, connectionWaitSeconds: 0.005 };
/** A week in which all fits. */
const calm: Measures = {
  days: 7,
  containers: {
    postgres: { memoryMiB: 4000, residentMiB: 1500, cpus: 0.6 },
    synapse: { memoryMiB: 1400, residentMiB: 1350, cpus: 0.6 },
    haproxy: { memoryMiB: plan.edge.memoryMiB * 0.6, residentMiB: 100, cpus: plan.edge.cpus * 0.6 },
  },
  postgres,
  synapse,
  edgeConnections: 500,
  volumes: { "pg-1": { sizeGiB: 55, usedGiB: 8, growthGiBPerDay: 0.03 } },
};

const about = (advice: readonly Advice[], what: string) => advice.find((each) => each.about === what);
const withContainer = (name: string, changes: Partial<typeof use>): Measures => ({
  ...calm,
  containers: { ...calm.containers, [name]: { ...use, ...calm.containers[name], ...changes } },
});

describe("what is compared with the plan", () => {
  it("fits in a calm week", () => {
    const advice = adviceOf(plan, calm);
    expect(advice.filter(({ verdict }) => verdict !== "fits")).toEqual([]);
    expect(advice.length).toBeGreaterThan(8);
    expect(tuneText(advice, 7)).toContain("All fits.");
  });

  it.each([
    [
      "Synapse, memory",
      withContainer("synapse", { memoryMiB: 1900 }),
      "too small",
      { setting: "roost:im.memoryMiB", value: 2752 },
    ],
    [
      "Synapse, memory",
      withContainer("synapse", { memoryMiB: 500 }),
      "too large",
      { setting: "roost:im.memoryMiB", value: 768 },
    ],
    [
      "Synapse, processors",
      withContainer("synapse", { cpus: 1.2 }),
      "too small",
      { setting: "roost:im.cpus", value: 1.5 },
    ],
    [
      "PostgreSQL, memory",
      withContainer("postgres", { residentMiB: 3900 }),
      "too small",
      { setting: "roost:postgres.memoryMiB", value: 5632 },
    ],
    [
      "PostgreSQL, processors",
      withContainer("postgres", { cpus: 0.1 }),
      "too large",
      { setting: "roost:postgres.cpus", value: 0.13 },
    ],
    [
      "edge, memory",
      withContainer("haproxy", { memoryMiB: plan.edge.memoryMiB }),
      "too small",
      { todo: expect.stringContaining("roost:users") },
    ],
  ])("%s is judged by what containers use: %#", (what, measures, verdict, change) => {
    expect(about(adviceOf(plan, measures), what)).toMatchObject({ verdict, change });
  });

  it("never takes pages of files for want of memory, nor for idle memory, in PostgreSQL", () => {
    expect(about(adviceOf(plan, withContainer("postgres", { memoryMiB: 4096 })), "PostgreSQL, memory")?.verdict).toBe(
      "fits",
    );
    expect(about(adviceOf(plan, withContainer("postgres", { residentMiB: 200 })), "PostgreSQL, memory")?.verdict).toBe(
      "fits",
    );
  });

  it.each([
    [
      "PostgreSQL, connections",
      { ...calm, postgres: { ...postgres, connections: plan.postgres.maxConnections } },
      "too small",
    ],
    ["PostgreSQL, connections", { ...calm, postgres: { ...postgres, connections: 5 } }, "too large"],
    [
      "PostgreSQL, shared buffers",
      { ...calm, postgres: { ...postgres, hitRatio: 0.9, readsPerSecond: 900 } },
      "too small",
    ],
    ["PostgreSQL, shared buffers", { ...calm, postgres: { ...postgres, hitRatio: 0.9, readsPerSecond: 2 } }, "fits"],
    ["PostgreSQL, shared buffers", { ...calm, postgres: { ...postgres, sizeMiB: 100 } }, "too large"],
    ["PostgreSQL, memory of a query", { ...calm, postgres: { ...postgres, temporaryMiBPerDay: 9000 } }, "too small"],
    ["Synapse, caches", { ...calm, synapse: { ...synapse, missRatio: 0.3, evictedPerSecond: 80 } }, "too small"],
    ["Synapse, caches", { ...calm, synapse: { ...synapse, missRatio: 0.3, evictedPerSecond: 0 } }, "fits"],
    [
      "Synapse, connections to PostgreSQL",
      { ...calm, synapse: { ...synapse, connectionWaitSeconds: 0.8 } },
      "too small",
    ],
    ["edge, connections", { ...calm, edgeConnections: plan.edge.maxConnections }, "too small"],
    ["volume pg-1", { ...calm, volumes: { "pg-1": { sizeGiB: 55, usedGiB: 20, growthGiBPerDay: 1 } } }, "too small"],
    [
      "volume pg-1",
      { ...calm, days: 0.1, volumes: { "pg-1": { sizeGiB: 55, usedGiB: 20, growthGiBPerDay: 900 } } },
      "fits",
    ],
    [
      "volume pg-1",
      { ...calm, days: 0.1, volumes: { "pg-1": { sizeGiB: 55, usedGiB: 50, growthGiBPerDay: 0 } } },
      "too small",
    ],
    ["volume pg-1", { ...calm, volumes: { "pg-1": { sizeGiB: 55, usedGiB: 20, growthGiBPerDay: -1 } } }, "fits"],
  ] as const)("%s is judged by what it is for: %#", (what, measures, verdict) => {
    expect(about(adviceOf(plan, measures), what)?.verdict).toBe(verdict);
  });

  it("calls nothing too large by a day", () => {
    const measures = { ...withContainer("synapse", { memoryMiB: 100, cpus: 0 }), days: 1 };
    const advice = adviceOf(plan, measures);
    expect(advice.map(({ verdict }) => verdict)).not.toContain("too large");
    expect(tuneText(advice, 1)).toContain("before five days");
  });

  it("is silent of what was not measured", () => {
    expect(adviceOf(plan, { days: 7, containers: {}, volumes: {} })).toEqual([]);
  });
});

describe("the report", () => {
  it("begins with what is too small, and names the setting", () => {
    const text = tuneText(adviceOf(plan, withContainer("synapse", { memoryMiB: 1900 })), 7);
    expect(text).toMatch(
      /compared with the plan:\n\ntoo small {2}Synapse, memory: 1900 MiB at most; planned are 2048 MiB\n {11}-> roost:im\.memoryMiB: 2752\n/,
    );
    expect(text).toContain("1 of ");
  });

  it("asks for no setting that does not exist", async () => {
    const { allPaths, settingsTree } = await import("../../environment/index.ts");
    const paths = new Set(allPaths(settingsTree()));
    const starved: Measures = {
      ...calm,
      containers: Object.fromEntries(
        Object.keys(calm.containers).map((name) => [name, { memoryMiB: 1e5, residentMiB: 1e5, cpus: 99 }]),
      ),
      volumes: {
        "pg-1": { sizeGiB: 1, usedGiB: 1, growthGiBPerDay: 1 },
        "synapse-media": { sizeGiB: 1, usedGiB: 1, growthGiBPerDay: 1 },
      },
    };
    const settings = adviceOf(plan, starved).flatMap(({ change }) =>
      change && "setting" in change ? [change.setting] : [],
    );
    expect(settings.length).toBeGreaterThan(5);
    for (const setting of settings) expect([...paths]).toContain(setting.replace("roost:", ""));
  });
});
