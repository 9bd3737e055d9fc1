import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { prometheusText } from "../../tools/server-audit/report/prometheus.ts";
import { serverAlerts } from "./alerts.ts";

const { rules } = serverAlerts();
const script = readFileSync(join(import.meta.dirname, "first-boot/scripts/roost-metrics.sh"), "utf8");
const written = new Set([
  ...[...script.matchAll(/^ *metric (roost_\w+)/gm)].map(([, name = ""]) => name),
  ...[...prometheusText([], new Date(0)).matchAll(/^# TYPE (\S+)/gm)].map(([, name = ""]) => name),
]);
const used = (expr: string) => [...expr.matchAll(/\broost_\w+/g)].map(([name]) => name);

describe("alerts of machines", () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))("%s: asks for metrics that are written", (_, { expr }) => {
    for (const name of used(expr)) expect([...written]).toContain(name);
  });

  it("have a name each, and say what to do", () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { annotations } of rules) {
      expect(annotations.summary).toMatch(/\{\{ \$labels\.(instance|server) \}\}/);
      expect(annotations.description).toMatch(/\.$/);
    }
  });

  it("leave no metric unseen that says that something is wrong", () => {
    const seen = new Set(rules.flatMap(({ expr }) => used(expr)));
    const unseen = [...written].filter((name) => !seen.has(name));
    // Rebuilding is no fault, and differences are counted with the checks.
    expect(unseen.filter((name) => !["roost_array_syncing", "roost_server_audit_difference"].includes(name))).toEqual(
      [],
    );
  });

  it("wait as long as the windows do", () => {
    const [patient] = serverAlerts({ rebootDays: 31 }).rules.filter(({ alert }) => alert === "ServerRebootPending");
    expect(patient?.for).toBe("31d");
  });

  it("stand in the page for operators, with the metrics that they ask for", () => {
    const page = readFileSync(join(import.meta.dirname, "../../docs/servers-operations.md"), "utf8");
    for (const { alert } of rules) expect(page).toContain(`\`${alert}\``);
    for (const name of written) expect(page).toContain(`\`${name}\``);
  });
});
