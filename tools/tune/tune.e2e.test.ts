/** The questions of the report, put to a real Prometheus that has a past of two days. */
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { type PastSeries, TestPrometheus } from "../../tests/prometheus.ts";
import { measure } from "./measures.ts";

jest.setTimeout(120_000);

const DAYS = 2;
const DAY = 86_400;
const MIB = 2 ** 20;
const GIB = 2 ** 30;
let prometheus: TestPrometheus;

const constant = (series: string, value: number): PastSeries => ({ series, at: () => value });
const growing = (series: string, perSecond: number): PastSeries => ({ series, at: (seconds) => seconds * perSecond });
const container = (metric: string, name: string) =>
  `${metric}{job="kubelet",namespace="roost",pod="${name}-0",container="${name}"}`;
const postgres = (metric: string, labels = "") => `${metric}{job="postgres",namespace="roost",pod="pg-1"${labels}}`;

beforeAll(async () => {
  prometheus = await TestPrometheus.start({
    seconds: DAYS * DAY,
    stepSeconds: 120,
    series: [
      constant('up{job="postgres",instance="pg-1"}', 1),
      // Much for an hour, a day ago, and little since.
      {
        series: container("container_memory_working_set_bytes", "synapse"),
        at: (seconds) => (seconds > DAY && seconds < DAY + 3600 ? 900 * MIB : 300 * MIB),
      },
      constant(container("container_memory_rss", "synapse"), 250 * MIB),
      growing(container("container_cpu_usage_seconds_total", "synapse"), 0.3),
      constant('container_memory_working_set_bytes{job="kubelet",namespace="roost",pod="synapse-0"}', 5000 * MIB),
      constant(postgres("cnpg_backends_total", ',state="idle"'), 12),
      constant(postgres("cnpg_backends_total", ',state="active"'), 3),
      growing(postgres("cnpg_pg_stat_database_blks_hit", ',datname="synapse"'), 980),
      growing(postgres("cnpg_pg_stat_database_blks_read", ',datname="synapse"'), 20),
      growing(postgres("cnpg_pg_stat_database_temp_bytes", ',datname="synapse"'), (100 * MIB) / DAY),
      constant(postgres("cnpg_pg_database_size_bytes", ',datname="synapse"'), 700 * MIB),
      growing('synapse_util_caches_cache{job="synapse",name="a"}', 10),
      growing('synapse_util_caches_cache_hits{job="synapse",name="a"}', 9),
      growing('synapse_util_caches_cache_evicted_size{job="synapse",name="a",reason="size"}', 2),
      growing('synapse_util_caches_cache_evicted_size{job="synapse",name="a",reason="time"}', 50),
      growing('synapse_storage_schedule_time_bucket{job="synapse",le="0.1"}', 5),
      growing('synapse_storage_schedule_time_bucket{job="synapse",le="+Inf"}', 5),
      constant('haproxy_frontend_current_sessions{job="edge",proxy="users",pod="edge-1"}', 77),
      constant('haproxy_frontend_current_sessions{job="edge",proxy="metrics",pod="edge-1"}', 900),
      constant('kubelet_volume_stats_capacity_bytes{job="kubelet",persistentvolumeclaim="pg-1"}', 10 * GIB),
      {
        series: 'kubelet_volume_stats_used_bytes{job="kubelet",persistentvolumeclaim="pg-1"}',
        at: (seconds) => 4 * GIB + (seconds / DAY) * 0.25 * GIB,
      },
    ],
  });
});
afterAll(() => prometheus?.stop());

describe("the report", () => {
  it("takes from Prometheus what the last days were like", async () => {
    const { days, containers, volumes, ...measured } = await measure(prometheus.api, DAYS);
    expect(days).toBeCloseTo(DAYS, 0);
    expect(Object.keys(containers)).toEqual(["synapse"]);
    expect(containers.synapse?.memoryMiB).toBeCloseTo(900, 1);
    expect(containers.synapse?.residentMiB).toBeCloseTo(250, 1);
    expect(containers.synapse?.cpus).toBeCloseTo(0.3, 2);
    expect(measured.postgres?.connections).toBe(15);
    expect(measured.postgres?.hitRatio).toBeCloseTo(0.98, 3);
    expect(measured.postgres?.readsPerSecond).toBeCloseTo(20, 1);
    expect(measured.postgres?.temporaryMiBPerDay).toBeCloseTo(100, 0);
    expect(measured.postgres?.sizeMiB).toBeCloseTo(700, 1);
    expect(measured.synapse?.missRatio).toBeCloseTo(0.1, 3);
    expect(measured.synapse?.evictedPerSecond).toBeCloseTo(2, 1);
    expect(measured.synapse?.connectionWaitSeconds).toBeLessThanOrEqual(0.1);
    expect(measured.edgeConnections).toBe(77);
    expect(volumes["pg-1"]?.growthGiBPerDay).toBeCloseTo(0.25, 2);
    expect(volumes["pg-1"]?.usedGiB).toBeCloseTo(4.5, 1);
  });

  it("is printed by the command, which ends with 1 where something does not fit", () => {
    const words = ["tools/tune.ts", "--stack", "dev", "--days", "2", "--prometheus", prometheus.url];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
    expect([stderr, status]).toEqual(["", 1]);
    expect(stdout).toMatch(/^The last 2 days, compared with the plan:\n\ntoo small {2}/);
    expect(stdout).toMatch(/Synapse, memory: 900 MiB at most.*\n +-> roost:im\.memoryMiB: \d+\n/);
  });

  it("is refused for days that are none", () => {
    const { status, stderr } = spawnSync(process.execPath, ["tools/tune.ts", "--days", "0"], { encoding: "utf8" });
    expect(status).toBe(2);
    expect(stderr).toContain("--days is 0; a whole number from 1 to 90 is allowed");
  });
});
