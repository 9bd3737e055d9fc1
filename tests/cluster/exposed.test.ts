import { expect, test } from "@jest/globals";
import { metricsOf } from "./exposed.ts";
import type { ScrapeConfig } from "./monitoring.ts";

const configOf = (regex: string, action: "keep" | "drop"): ScrapeConfig => ({
  ...{ job_name: "a", tls_config: {} },
  metric_relabel_configs: [
    { source_labels: ["__name__"], regex, action },
    { regex: "image", action: "labeldrop" },
  ],
});

test("what targets of one job expose is put together, but for what is not kept", () => {
  const first =
    '# TYPE seen_total counter\nseen_total{kind="a"} 1\nerrors_total{text="secret"} 1\n# TYPE later gauge\n';
  const second = 'seen_total{result="b"} 1\nfound_bytes 2\nlater_bytes 3\n';
  const metrics = metricsOf([
    { job: "a", text: first, config: configOf("errors_total|texts", "drop") },
    { job: "a", text: second, config: configOf("seen.+|found_bytes", "keep") },
    { job: "b", text: "up 1\n", config: { job_name: "b", tls_config: {} } },
  ]);
  expect([...(metrics.get("a") ?? [])]).toEqual([
    ["seen_total", new Set(["kind", "result"])],
    ["later", undefined],
    ["found_bytes", new Set()],
  ]);
  expect([...metrics.keys()]).toEqual(["a", "b"]);
});
