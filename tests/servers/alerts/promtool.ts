import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { artifact, run } from "../../../bootstrap/artifact.ts";
import type { AlertGroup } from "../../../components/servers/alerts.ts";
import { attempt } from "../../cluster/command.ts";

/** Series, and whether an alert is there at the end. */
export interface RuleTest {
  /** Values from one minute to the next, as promtool writes them (`0+60`), or one that stays, by the series' name. */
  readonly series: Readonly<Record<string, string>>;
  /** Labels that all series have beside their own. */
  readonly labels: Readonly<Record<string, string>>;
  readonly minutes: number;
  readonly alert: string;
  /** How many of that name are expected. */
  readonly fires: 0 | 1;
}

/** What promtool says of rules and of what they do; nothing where it is right. */
export async function ruleComplaints(group: AlertGroup, tests: readonly RuleTest[]): Promise<string> {
  const promtool = await program();
  const folder = mkdtempSync(join(tmpdir(), "roost-rules-"));
  try {
    // Annotations are read by people, and compared by promtool where there are any.
    const write = (rules: AlertGroup["rules"], withAnnotations: boolean) => ({
      groups: [
        {
          ...group,
          rules: rules.map(({ annotations, ...rule }) => ({ ...rule, ...(withAnnotations && { annotations }) })),
        },
      ],
    });
    // JSON is YAML.
    writeFileSync(join(folder, "whole.json"), JSON.stringify(write(group.rules, true)));
    const whole = await attempt(promtool, ["check", "rules", join(folder, "whole.json")]);
    if (whole.code !== 0) return `${whole.stdout}${whole.stderr}`;
    writeFileSync(join(folder, "rules.json"), JSON.stringify(write(group.rules, false)));
    for (const [at, test] of tests.entries()) {
      const file = join(folder, `test-${at}.json`);
      writeFileSync(file, JSON.stringify(testFile(group, test)));
      const { code, stdout, stderr } = await attempt(promtool, ["test", "rules", file]);
      if (code !== 0) return `${JSON.stringify(test)}\n${stdout}${stderr}`;
    }
    return "";
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @source https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/ */
function testFile(group: AlertGroup, { series, labels, minutes, alert, fires }: RuleTest) {
  const severity = group.rules.find((rule) => rule.alert === alert)?.labels.severity ?? "";
  const all = Object.entries(series).map(([name, value]) => [withLabels(name, labels), value] as const);
  const [first = ""] = all.map(([name]) => name);
  return {
    rule_files: ["rules.json"],
    evaluation_interval: "1m",
    tests: [
      {
        interval: "1m",
        input_series: all.map(([name, value]) => ({
          series: name,
          values: `${value}${value.includes("+") ? "" : "+0"}x${minutes}`,
        })),
        alert_rule_test: [
          {
            eval_time: `${minutes}m`,
            alertname: alert,
            exp_alerts: fires === 0 ? [] : [{ exp_labels: { severity, ...expectedLabels(group, alert, first) } }],
          },
        ],
      },
    ],
  };
}

/** A rule that sums keeps only what it sums by. */
function expectedLabels(group: AlertGroup, alert: string, series: string): Readonly<Record<string, string>> {
  const expr = group.rules.find((rule) => rule.alert === alert)?.expr ?? "";
  const [, by] = /^sum by \((\w+)\)/.exec(expr) ?? [];
  const all = Object.fromEntries(
    [...series.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]),
  );
  if (by === undefined) return all;
  return { [by]: all[by] ?? "" };
}

function withLabels(series: string, labels: Readonly<Record<string, string>>): string {
  const more = Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(",");
  return series.endsWith("}") ? series.replace(/\}$/, `,${more}}`) : `${series}{${more}}`;
}

/** Debian's own, unpacked and not installed: it would start a server. */
async function program(): Promise<string> {
  const shown = await run("apt-cache", ["show", "--no-all-versions", "prometheus"]);
  const [version = ""] = shown.match(/(?<=^Version: ).*/m) ?? [];
  const folder = await artifact("promtool", version.replaceAll(/[^\w.-]/g, "-"), async (made) => {
    await run("apt-get", ["download", "--quiet", "prometheus"], { cwd: made });
    await run(
      "sh",
      ["-c", "dpkg-deb --fsys-tarfile prometheus_*.deb | tar --extract ./usr/bin/promtool && rm prometheus_*.deb"],
      { cwd: made },
    );
  });
  return join(folder, "usr/bin/promtool");
}
