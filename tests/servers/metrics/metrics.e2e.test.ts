/** Machines tell Prometheus how they are, and nobody else: both real, with the files that each is given. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { stringify } from "yaml";
import { isAlert, ruleGroups } from "../../../components/observability/alerts/index.ts";
import { selectorsOf } from "../../../components/observability/metrics/promql.ts";
import { prometheusConfig } from "../../../components/observability/prometheus/config.ts";
import { watchedMachines } from "../../../components/servers/index.ts";
import { office, single } from "../../../components/servers/testing.ts";
import { eventually } from "../../cluster/command.ts";
import { everything } from "../../observability/facts.ts";
import { TestPrometheus } from "../../prometheus.ts";
import { metricsClient, metricsIdentity, metricsStranger } from "../metrics-identity.ts";
import { Exporter } from "./exporter.ts";

jest.setTimeout(5 * 60_000);

const HERE = "127.0.0.1";

describe("a described machine", () => {
  const folder = mkdtempSync(join(tmpdir(), "roost-machines-"));
  const identity = metricsIdentity(HERE);
  let exporter: Exporter;
  let prometheus: TestPrometheus;

  const alerts = async (name: string) =>
    (await prometheus.api.query(`ALERTS{alertname="${name}", alertstate="firing"}`)).map(({ labels }) => labels);
  const place = (path: string, content: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content, { mode: 0o600 });
  };

  /** The environment's configuration and rules, for programs of this machine. */
  function configuration(): string {
    const [watched] = watchedMachines({ servers: [exporter.server] });
    if (watched === undefined) throw new Error("there is one");
    const nobody = { host: "nobody.roost.svc", port: 443, caConfigMap: "roost-ca" };
    const config = prometheusConfig({
      environment: "roost.test",
      scrapeSeconds: 1,
      pods: [],
      names: { hosts: [], edge: nobody, exporter: nobody },
      kubelets: false,
      alertmanager: { ...nobody, peer: { name: "nobody", namespace: "roost", podLabels: {} } },
      machines: [{ ...watched, target: `${HERE}:${watched.port}` }],
    });
    place("/machines/ca.crt", metricsClient.authority);
    place("/machines/tls.crt", metricsClient.certificate);
    place("/machines/tls.key", metricsClient.privateKey);
    place("/ca/roost-ca/ca.crt", metricsClient.authority);
    // People are not kept waiting by tests.
    const groups = ruleGroups(everything).map((group) => ({
      ...group,
      rules: group.rules.map((rule) => (isAlert(rule) ? { ...rule, for: "0s" } : rule)),
    }));
    place("/etc/roost-rules/roost.yml", stringify({ groups }));
    // Nobody is told: pods of Alertmanager are looked for in a cluster.
    const { alerting, ...rest } = Object.fromEntries(Object.entries(config));
    expect(alerting).toBeDefined();
    return ["/machines/", "/ca/", "/etc/roost-rules/"].reduce(
      (all, there) => all.replaceAll(there, join(folder, there)),
      stringify(rest),
    );
  }

  beforeAll(async () => {
    exporter = await Exporter.prepare(office, single, identity);
    await exporter.writeMetrics();
    await exporter.start();
    await eventually("node exporter", 30, () => exporter.ask(metricsClient));
    prometheus = await TestPrometheus.watching(configuration());
  });
  afterAll(async () => {
    await Promise.all([prometheus?.stop(), exporter?.remove()]);
    rmSync(folder, { recursive: true, force: true });
  });

  test("tells nobody but who shows a certificate of its metrics' authority, and nobody in plain text", async () => {
    expect(await exporter.ask(metricsClient)).toContain("roost_array_active");
    // As the version of Go says it that it was made with.
    const refused = /bad certificate|certificate required|unknown ca/i;
    await expect(exporter.ask({ authority: identity.authority })).rejects.toThrow(refused);
    await expect(exporter.ask(metricsStranger)).rejects.toThrow(refused);
    expect((await fetch(`${exporter.url("http")}/metrics`)).status).toBe(400);
  });

  test("is known to Prometheus by its name, role and rack", async () => {
    const [up] = await eventually("a scrape", 30, async () => {
      const series = await prometheus.api.query('up{job="node"} == 1');
      return series.length > 0 ? series : undefined;
    });
    expect(up?.labels).toMatchObject({ instance: "office", role: "all-in-one", rack: office.failureDomains.rack });
  });

  test("tells everything that its alerts ask for", async () => {
    const group = ruleGroups(everything).find(({ name }) => name === "servers");
    const asked = new Set(group?.rules.flatMap(({ expr }) => selectorsOf(expr).map(({ metric }) => metric)));
    const told = new Set((await prometheus.api.series('{job="node"}')).map(({ __name__ }) => __name__));
    const untold = [...asked].filter((name) => !told.has(name));
    // These are the audit's, which is run from elsewhere.
    expect(untold.filter((name) => !name.startsWith("roost_server_audit_"))).toEqual([]);
  });

  test("raises an alert when its array lacks a disk, and takes it back", async () => {
    expect(await alerts("ServerArrayDegraded")).toEqual([]);
    exporter.setWorkingMembers(exporter.array.members - 1);
    await exporter.writeMetrics();
    const [alert] = await eventually("the alert", 30, async () => {
      const firing = await alerts("ServerArrayDegraded");
      return firing.length > 0 ? firing : undefined;
    });
    expect(alert).toMatchObject({ instance: "office", array: exporter.array.name, severity: "page" });
    exporter.setWorkingMembers(exporter.array.members);
    await exporter.writeMetrics();
    await eventually("its end", 30, async () =>
      (await alerts("ServerArrayDegraded")).length === 0 ? true : undefined,
    );
  });
});
