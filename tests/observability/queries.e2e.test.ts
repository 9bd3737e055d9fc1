/** Every query of every dashboard and rule, answered by a real Prometheus that has a series of every metric. */
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { ruleGroups } from "../../components/observability/alerts/index.ts";
import { dashboards } from "../../components/observability/dashboards/index.ts";
import { allMetrics, recordedMetrics } from "../../components/observability/metrics/recorded.ts";
import { TestPrometheus } from "../prometheus.ts";
import { everything } from "./facts.ts";

jest.setTimeout(120_000);

const minute = 60;
let prometheus: TestPrometheus;

beforeAll(async () => {
  const own = new Set(allMetrics().keys());
  const series = [...recordedMetrics()].flatMap(([job, metrics]) =>
    [...metrics].flatMap(([name, labels = new Set<string>()]) => {
      if (!own.delete(name)) return [];
      const pairs = [...labels]
        .filter((label) => label !== "job")
        .map((label) => `${label}="${label === "le" ? "1" : "x"}"`);
      return [{ series: `${name}{${[`job="${job}"`, ...pairs].join(",")}}`, at: (seconds: number) => seconds }];
    }),
  );
  prometheus = await TestPrometheus.start({ series, seconds: 30 * minute, stepSeconds: minute });
});
afterAll(() => prometheus?.stop());

describe("Prometheus answers", () => {
  const panels = dashboards(everything).flatMap(({ part, rows }) =>
    rows.flatMap((row) =>
      row.panels.flatMap(({ title, queries }) =>
        queries.map(({ expr, legend }) => [`${part}: ${title}, ${legend}`, expr] as const),
      ),
    ),
  );
  it.each(panels)("%s", async (_, expr) => {
    await prometheus.api.query(expr.replaceAll("$__rate_interval", "5m"));
  });

  const rules = ruleGroups(everything).flatMap(({ rules }) =>
    rules.map(
      (rule) => ["alert" in rule ? rule.alert : `${rule.record} ${JSON.stringify(rule.labels)}`, rule.expr] as const,
    ),
  );
  it.each(rules)("%s", async (_, expr) => {
    await prometheus.api.query(expr);
  });

  it("which series a job has, by which its metrics are recorded", async () => {
    const names = new Set((await prometheus.api.series('{job="edge"}')).map(({ __name__ }) => __name__));
    expect(names).toContain("haproxy_backend_status");
    expect(names).not.toContain("synapse_build_info");
  });

  it("with a refusal what is no query", async () => {
    await expect(prometheus.api.query("sum(")).rejects.toThrow("Prometheus refuses");
    expect(await prometheus.api.query("count(up)")).toEqual([{ labels: {}, value: expect.any(Number) }]);
  });
});
