/** Prometheus' own tool, which reads rules and plays series to them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { artifact } from "../bootstrap/artifact.ts";
import { packageVersion, unpackPackages } from "../bootstrap/debian.ts";
import { isAlert, type Rule, type RuleGroup } from "../components/observability/alerts/rule.ts";
import { attempt } from "./cluster/command.ts";

/** Series, and which alerts of one name are there at the end. */
export interface RuleTest {
  /**
   * Values by the series' name, as promtool writes them from one step to the next (`0+60x100`); a value that stays or
   * grows evenly (`0+60`) goes on to the end.
   */
  readonly series: Readonly<Record<string, string>>;
  /** Labels that all series have beside their own. @default none */
  readonly labels?: Labels;
  readonly minutes: number;
  /** Minutes from one value to the next. @default 1 */
  readonly step?: number;
  readonly alert: string;
  /** Labels by which each alert that is expected is known, beside those that its rule gives. */
  readonly firing: readonly Labels[];
}

export type Labels = Readonly<Record<string, string>>;

/** What promtool says of rules and of what they do; nothing where it is right. */
export async function ruleComplaints(groups: readonly RuleGroup[], tests: readonly RuleTest[]): Promise<string> {
  const promtool = join(await prometheusFolder(), "promtool");
  const folder = mkdtempSync(join(tmpdir(), "roost-rules-"));
  // JSON is YAML.
  const write = (name: string, content: unknown) => writeFileSync(join(folder, name), JSON.stringify(content));
  try {
    write("whole.json", { groups });
    const whole = await attempt(promtool, ["check", "rules", join(folder, "whole.json")]);
    if (whole.code !== 0) return `${whole.stdout}${whole.stderr}`;
    // Annotations are read by people, and compared by promtool where there are any.
    write("rules.json", { groups: groups.map((group) => ({ ...group, rules: group.rules.map(unannotated) })) });
    for (const [at, test] of tests.entries()) {
      write(`test-${at}.json`, testFile(groups, test));
      const { code, stdout, stderr } = await attempt(promtool, ["test", "rules", join(folder, `test-${at}.json`)]);
      if (code !== 0) return `${JSON.stringify(test)}\n${stdout}${stderr}`;
    }
    return "";
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function unannotated(rule: Rule) {
  if (!isAlert(rule)) return rule;
  const { annotations, ...rest } = rule;
  return rest;
}

/** @source https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/ */
function testFile(groups: readonly RuleGroup[], test: RuleTest) {
  const { series, labels = {}, minutes, step = 1, alert, firing } = test;
  const rule = groups.flatMap(({ rules }) => rules.filter(isAlert)).find((each) => each.alert === alert);
  if (rule === undefined) throw new Error(`There is no alert ${alert}`);
  return {
    rule_files: ["rules.json"],
    evaluation_interval: "1m",
    tests: [
      {
        interval: `${step}m`,
        input_series: Object.entries(series).map(([name, value]) => ({
          series: withLabels(name, labels),
          values: valuesUntil(value, Math.ceil(minutes / step)),
        })),
        alert_rule_test: [
          {
            eval_time: `${minutes}m`,
            alertname: alert,
            exp_alerts: firing.map((known) => ({ exp_labels: { ...rule.labels, ...known } })),
          },
        ],
      },
    ],
  };
}

function valuesUntil(value: string, steps: number): string {
  if (/[x _]/.test(value)) return value;
  return `${value}${value.includes("+") ? "" : "+0"}x${steps}`;
}

/** Labels of a series as it is written. */
export function labelsOf(series: string): Labels {
  return Object.fromEntries([...series.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]));
}

function withLabels(series: string, labels: Labels): string {
  const own = labelsOf(series);
  const more = Object.entries(labels).filter(([name]) => !(name in own));
  if (more.length === 0) return series;
  const text = more.map(([name, value]) => `${name}="${value}"`).join(",");
  return series.endsWith("}") ? series.replace(/\}$/, `,${text}}`) : `${series}{${text}}`;
}

/** Folder with Debian's own `prometheus` and `promtool`, unpacked and not installed: it would start a server. */
export async function prometheusFolder(): Promise<string> {
  const folder = await artifact("prometheus", await packageVersion("prometheus"), (made) =>
    unpackPackages(["prometheus"], made),
  );
  return join(folder, "usr/bin");
}
