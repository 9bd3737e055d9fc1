/** Debian's Prometheus as a process on the loopback interface, with a past that a test has written or a present of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "../bootstrap/artifact.ts";
import { type PrometheusApi, prometheusApi } from "../tools/tune/prometheus.ts";
import { freePort } from "./free-port.ts";
import { prometheusFolder } from "./promtool.ts";

/** Values of one series, the oldest first. */
export interface PastSeries {
  /** With its labels, as PromQL writes it. */
  readonly series: string;
  /** Value after so many seconds. */
  readonly at: (seconds: number) => number;
}

export interface Past {
  readonly series: readonly PastSeries[];
  /** How long ago it begins; it ends now. */
  readonly seconds: number;
  readonly stepSeconds: number;
}

export class TestPrometheus {
  readonly api: PrometheusApi;
  readonly url: string;
  private readonly child: ChildProcess;
  private readonly folder: string;

  private constructor(child: ChildProcess, folder: string, url: string) {
    this.child = child;
    this.folder = folder;
    this.url = url;
    this.api = prometheusApi({ url });
  }

  static async start(past: Past): Promise<TestPrometheus> {
    const folder = mkdtempSync(join(tmpdir(), "roost-prometheus-"));
    writeFileSync(join(folder, "past.txt"), openMetrics(past));
    const promtool = join(await prometheusFolder(), "promtool");
    await run(promtool, ["tsdb", "create-blocks-from", "openmetrics", join(folder, "past.txt"), join(folder, "data")]);
    return TestPrometheus.launch(folder, "{}\n");
  }

  /** One with no past, which looks at what the configuration says. */
  static watching(configuration: string): Promise<TestPrometheus> {
    return TestPrometheus.launch(mkdtempSync(join(tmpdir(), "roost-prometheus-")), configuration);
  }

  private static async launch(folder: string, configuration: string): Promise<TestPrometheus> {
    writeFileSync(join(folder, "prometheus.yml"), configuration);
    const port = await freePort();
    const child = spawn(
      join(await prometheusFolder(), "prometheus"),
      [
        `--config.file=${join(folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        "--storage.tsdb.retention.time=60d",
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    let output = "";
    child.stderr.on("data", (chunk) => (output += chunk));
    const prometheus = new TestPrometheus(child, folder, `http://127.0.0.1:${port}`);
    for (let tries = 0; tries < 100; tries++) {
      if (child.exitCode !== null) break;
      if (await prometheus.api.query("1").catch(() => undefined)) return prometheus;
      await sleep(100);
    }
    throw new Error(`Prometheus did not start:\n${output}`);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGKILL");
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** @source https://prometheus.io/docs/prometheus/latest/storage/#backfilling-from-openmetrics-format */
function openMetrics({ series, seconds, stepSeconds }: Past): string {
  const begin = Math.floor(Date.now() / 1000) - seconds;
  const steps = Math.floor(seconds / stepSeconds);
  const lines = series.flatMap(({ series: name, at }) =>
    Array.from({ length: steps + 1 }, (_, step) => `${name} ${at(step * stepSeconds)} ${begin + step * stepSeconds}`),
  );
  return `${lines.join("\n")}\n# EOF\n`;
}
