import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { everything as everyPart } from "../../../tests/observability/facts.ts";
import { selectorsOf } from "../metrics/promql.ts";
import { recordedMetrics, unknownIn } from "../metrics/recorded.ts";
import { inhibitions, isAlert, type RuleFacts, ruleGroups } from "./index.ts";

const everything: RuleFacts = {
  ...everyPart,
  grafanaUrl: "https://grafana.example.org",
  runbookUrl: "https://git.example.org/docs/runbooks",
};
const least: RuleFacts = {
  ...{ ha: false, identity: false, keycloak: false, embeddedDirectory: false },
  ...{ kafka: false, capture: false, bulk: false, archive: false, objectStore: false, servers: false, logs: false },
  runbookUrl: "docs/runbooks",
};

const groups = ruleGroups(everything);
const alerts = groups.flatMap(({ rules }) => rules.filter(isAlert));
const names = alerts.map(({ alert }) => alert);
const runbooks = join(import.meta.dirname, "../../../docs/runbooks");

const recorded = new Set(
  groups.flatMap(({ rules }) => rules.flatMap((rule) => ("record" in rule ? [rule.record] : []))),
);
const scraped = recordedMetrics();
const own = ["slo", "measured"];

describe("rules", () => {
  const queries = groups.flatMap(({ rules }) =>
    rules.map((rule) => [isAlert(rule) ? rule.alert : rule.record, rule.expr] as const),
  );

  it.each(queries)("%s: asks for metrics that are exposed, by labels that they have", (_, expr) => {
    for (const selector of selectorsOf(expr)) {
      if (!recorded.has(selector.metric)) expect(unknownIn(selector, scraped)).toEqual([]);
      else for (const label of selector.labels) expect(own).toContain(label);
    }
  });

  it("would be caught if they asked for what there is not", () => {
    const wrong = (query: string) => selectorsOf(query).flatMap((selector) => unknownIn(selector, scraped));
    expect(wrong('synapse_down{job="synapse"}')).toEqual(["synapse exposes no synapse_down"]);
    expect(wrong('haproxy_backend_status{job="synapse"}')).toEqual(["synapse exposes no haproxy_backend_status"]);
    expect(wrong('haproxy_backend_status{job="edge", backend="a"}')).toEqual(["haproxy_backend_status has no backend"]);
    expect(() => selectorsOf("sum by (job) rate(")).toThrow("no PromQL");
  });

  it("have a name each", () => {
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
  });

  it.each(alerts.map((alert) => [alert.alert, alert] as const))(
    "%s: says in words what is wrong, and leads on",
    (_, alert) => {
      const { summary, description, runbook_url, dashboard_url } = alert.annotations;
      expect(summary).toMatch(/^\S.{10,150}[^.\s]$/);
      expect(description).toMatch(/^\S.{20,}\.$/);
      expect(runbook_url).toBe(`https://git.example.org/docs/runbooks/${alert.alert}.md`);
      expect(dashboard_url).toBe(`https://grafana.example.org/d/roost-${alert.labels.component}`);
    },
  );

  it("are about what there is", () => {
    const here = ruleGroups(least);
    const few = here.flatMap(({ rules }) => rules.filter(isAlert));
    expect(here.map(({ name }) => name)).not.toContain("identity");
    expect(here.map(({ name }) => name)).not.toContain("servers");
    expect(few.map(({ alert }) => alert)).not.toContain("PostgresStandbyMissing");
    expect(JSON.stringify(here)).not.toMatch(/keycloak_|job=\\"(directory-sync|node)\\"\)/);
    expect(few.every(({ annotations }) => annotations.dashboard_url === undefined)).toBe(true);
  });
});

describe("runbooks", () => {
  it("are there for each alert, and for nothing else", () => {
    const pages = readdirSync(runbooks).filter((file) => file !== "README.md");
    expect(pages.sort()).toEqual(names.map((name) => `${name}.md`).sort());
  });

  it.each(names)("%s: says what it means, how to confirm it, and what to do", (name) => {
    const file = join(runbooks, `${name}.md`);
    const page = existsSync(file) ? readFileSync(file, "utf8") : "";
    expect(page).toMatch(new RegExp(`^# ${name}\n`));
    for (const title of ["Meaning", "Confirm", "Do"]) expect(page).toMatch(new RegExp(`\n## ${title}\n\n\\S`));
  });

  it("are listed, the pages that wake somebody first", () => {
    const list = readFileSync(join(runbooks, "README.md"), "utf8");
    for (const { alert, labels } of alerts) expect(list).toContain(`| [${alert}](${alert}.md) | ${labels.severity} |`);
  });
});

describe("inhibitions", () => {
  const namesIn = (matchers: readonly string[]) =>
    matchers.flatMap((matcher) => /^alertname=~?"(.*)"$/.exec(matcher)?.[1]?.split("|") ?? []);
  const pairs = inhibitions.flatMap(({ source_matchers, target_matchers }) =>
    namesIn(source_matchers).flatMap((source) => namesIn(target_matchers).map((target) => [source, target] as const)),
  );

  it("are about alerts that there are", () => {
    expect(pairs.length).toBeGreaterThan(inhibitions.length);
    for (const name of pairs.flat()) expect(names).toContain(name);
  });

  it("never keep quiet a page because of a ticket", () => {
    const severity = new Map(alerts.map(({ alert, labels }) => [alert, labels.severity]));
    const lost = pairs.filter(([source, target]) => severity.get(source) !== "page" && severity.get(target) === "page");
    expect(lost).toEqual([]);
  });

  it("do not go round in a circle, in which everybody would be quiet", () => {
    const targetsOf = (name: string) => pairs.flatMap(([source, target]) => (source === name ? [target] : []));
    const reaches = (from: string, seen: ReadonlySet<string> = new Set()): boolean =>
      targetsOf(from).some((next) => seen.has(next) || reaches(next, new Set([...seen, next])));
    for (const [source] of pairs) expect([source, reaches(source, new Set([source]))]).toEqual([source, false]);
  });
});
