/** Each rule, judged by Prometheus' own tool: it is read, it is told when it should be, and kept quiet when it should not. */
import { describe, expect, jest, test } from "@jest/globals";
import { isAlert, type RuleFacts, ruleGroups } from "../../components/observability/alerts/index.ts";
import { ruleComplaints } from "../promtool.ts";
import { everything } from "./facts.ts";
import { stories } from "./stories.ts";

jest.setTimeout(5 * 60_000);

const facts: RuleFacts = {
  ...everything,
  grafanaUrl: "https://grafana.example.org",
  runbookUrl: "https://git.example.org/docs/runbooks",
};
// Those of machines have stories of their own, in tests/servers.
const groups = ruleGroups(facts).filter(({ name }) => name !== "servers");

describe("Prometheus", () => {
  test("reads all rules, of every kind of environment", async () => {
    const small = {
      ha: false,
      identity: false,
      keycloak: false,
      embeddedDirectory: false,
      kafka: false,
      capture: false,
      objectStore: false,
      archive: false,
      bulk: false,
      servers: false,
      logs: false,
    };
    const { runbookUrl } = facts;
    for (const kind of [facts, { ...small, runbookUrl }, { ...small, identity: true, runbookUrl }])
      expect(await ruleComplaints(ruleGroups(kind), [])).toBe("");
  });

  test("has stories of every alert, in which it is told, and in which it is not", () => {
    const alerts = groups.flatMap(({ rules }) => rules.filter(isAlert).map(({ alert }) => alert));
    expect(Object.keys(stories).sort()).toEqual(alerts.sort());
    for (const [alert, told] of Object.entries(stories)) {
      const fires = told.map(({ firing = [] }) => firing.length > 0);
      expect([alert, fires.includes(true), alert === "Watchdog" || fires.includes(false)]).toEqual([alert, true, true]);
    }
  });

  test.each(Object.entries(stories))("tells %s when it should, and only then", async (alert, told) => {
    const own = groups.filter(({ rules }) => rules.some((rule) => isAlert(rule) && rule.alert === alert));
    const tests = told.map(({ series, minutes = 60, firing = [] }) => ({ series, minutes, alert, firing }));
    expect(await ruleComplaints(own, tests)).toBe("");
  });
});
