/** What Prometheus and Alertmanager themselves say of their configuration, and do with it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { stringify } from "yaml";
import { attempt, eventually } from "../../tests/cluster/command.ts";
import { freePort } from "../../tests/free-port.ts";
import { everything } from "../../tests/observability/facts.ts";
import { Files } from "../edge/testing.ts";
import type { DaemonSpec, ServiceSpec } from "../network/index.ts";
import { peerNamed } from "../network/index.ts";
import type { Reach } from "./alertmanager/config.ts";
import { alertmanagerConfig, DEAD_MANS_SWITCH } from "./alertmanager/config.ts";
import { alertmanagerWorkload, clusterConfiguration } from "./alertmanager/spec.ts";
import { inhibitions, ruleGroups } from "./alerts/index.ts";
import { blackboxConfiguration, blackboxWorkload, exporters, nodeExporterWorkload } from "./exporters/spec.ts";
import { prometheusConfig } from "./prometheus/config.ts";
import { prometheusWorkload } from "./prometheus/spec.ts";
import type { DeadMansSwitch, Receiver } from "./settings.ts";
import { ask, askText, Listener, localised, Program, place, placesOf, programOf } from "./testing.ts";
import { webConfiguration } from "./web.ts";

jest.setTimeout(180_000);

const files = new Files();
const alertmanagerHost = "alertmanager.roost.svc";
const alertmanagerPlaces = placesOf(files, "alertmanager", [alertmanagerHost]);
const prometheusPlaces = placesOf(files, "prometheus", ["prometheus.roost.svc"]);
const sizing = { replicas: 1, cpus: 0.1, memoryMiB: 256, storageGiB: 1, retentionDays: 1, retentionMiB: 512 };
const room = "!room:roost.test";

const facts = {
  ...everything,
  grafanaUrl: "https://grafana.roost.test",
};

const severities = ["page", "ticket"] as const;
const outside = { cidrs: ["192.0.2.10/32"] };

function receiversAt(port: number): Receiver[] {
  const url = `https://localhost:${port}`;
  return [
    {
      kind: "webhook",
      name: "on-call",
      severities: ["page"],
      url: `${url}/page`,
      token: "token of on-call",
      ...outside,
    },
    { kind: "webhook", name: "queue", severities, url: `${url}/queue`, ...outside },
    { kind: "matrix", name: "room", severities, room, token: "t", homeserver: { kind: "other", url, ...outside } },
  ];
}

const email: Receiver = {
  ...{ kind: "email", name: "mail", severities, to: "on-call@example.org", from: "roost@example.org", ...outside },
  ...{ relay: "mail.example.org:587", username: "roost", password: "hunter2" },
};

function configurationFor(port: number, receivers: readonly Receiver[] = receiversAt(port)): string {
  const trust = { caConfigMap: "roost-ca" };
  const deadMansSwitch: DeadMansSwitch = { url: `https://localhost:${port}/alive`, everyMinutes: 1, ...outside };
  const reach = new Map<string, Reach>([
    ...["on-call", "queue", "mail", DEAD_MANS_SWITCH].map((name) => [name, trust] as const),
    ["room", { ...trust, homeserver: `https://localhost:${port}` }] as const,
  ]);
  for (const name of ["on-call", "room", "mail"])
    place(alertmanagerPlaces, `/secrets/${name}-secret`, `token of ${name}`);
  // People are not kept waiting by tests.
  const configuration = stringify(alertmanagerConfig({ receivers, deadMansSwitch, inhibitions, reach }));
  return configuration.replace("group_wait: 20s", "group_wait: 1s").replace("group_interval: 2m", "group_interval: 1s");
}

function prometheusFor(alertmanagerPort: number): object {
  const ca = { caConfigMap: "roost-ca" };
  const peer = peerNamed("alertmanager", "roost");
  const alertmanager = { peer, port: alertmanagerPort, host: alertmanagerHost, ...ca };
  const state = { host: "kube-state-metrics.roost.svc", port: 8443, peer: peerNamed("kube-state-metrics", "roost") };
  return prometheusConfig({
    environment: "roost.test",
    scrapeSeconds: 1,
    pods: [
      { job: "alertmanager", path: "/metrics", answers: "pod", ...alertmanager },
      { job: "kube-state-metrics", path: "/metrics", answers: "service", ...state, ...ca },
    ],
    names: {
      hosts: ["chat.roost.test", "matrix.roost.test"],
      edge: { host: "edge-inside.roost.svc", port: 8443 },
      exporter: { host: "blackbox-exporter.roost.svc", port: 9115, ...ca },
    },
    kubelets: true,
    alertmanager,
    remoteWrite: { url: "https://metrics.example.org/api/v1/write", username: "roost", ...ca },
  });
}

async function verdict(program: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await attempt(program, args);
  return `${code} ${stdout}${stderr}`;
}

afterAll(() => files.remove());

describe("the configuration", () => {
  it("of Prometheus is accepted by promtool, with every rule and every file that it names", async () => {
    const promtool = await programOf("prometheus", "promtool");
    place(prometheusPlaces, "/secrets/remote-write-password", "hunter2");
    place(prometheusPlaces, "/etc/roost-rules/roost.yml", stringify({ groups: ruleGroups(facts) }));
    const token = { "/var/run/secrets/kubernetes.io/serviceaccount/token": join(files.folder, "token") };
    writeFileSync(join(files.folder, "token"), "token");
    const configuration = localised(stringify(prometheusFor(9093)), token);
    const file = place(prometheusPlaces, "/etc/roost/prometheus.yml", configuration);
    const said = await verdict(promtool, "check", "config", "--lint=all", file);
    expect(said).toMatch(/^0 /);
    expect(said).toContain("1 rule files found");
    const web = place(prometheusPlaces, "/etc/roost/web.yml", webConfiguration);
    expect(await verdict(promtool, "check", "web-config", web)).toMatch(/^0 /);
  });

  it.each([
    ["nobody", []],
    ["everybody", [...receiversAt(443), email]],
  ])("of Alertmanager is accepted by amtool where it tells %s", async (_, receivers) => {
    const file = place(alertmanagerPlaces, "/etc/roost/alertmanager.yml", configurationFor(443, receivers));
    const amtool = await programOf("alertmanager", "amtool");
    expect(await verdict(amtool, "check-config", file)).toMatch(/^0 /);
  });
});

describe("exporters", () => {
  const small = { replicas: 1, cpus: 0.1, memoryMiB: 48 };

  async function started(image: "node-exporter" | "blackbox-exporter", spec: ServiceSpec | DaemonSpec, port: number) {
    const places = placesOf(files, image, [`${image}.roost.svc`]);
    place(places, "/etc/roost/web.yml", webConfiguration);
    place(places, "/etc/roost/blackbox.yml", blackboxConfiguration("roost-ca"));
    const here = await freePort();
    const program = await Program.start(image, spec, places, { [`address=:${port}`]: `address=127.0.0.1:${here}` });
    const metrics = () => askText(files.caFile, here, "/metrics").catch(() => undefined);
    return { program, port: here, text: await eventually(`metrics of ${image}`, 30, metrics) };
  }

  it("tell over TLS how the node is, without any right", async () => {
    const args = { peer: peerNamed("node-exporter", "roost"), image: "", sizing: small };
    const { program, text } = await started("node-exporter", nodeExporterWorkload(args), exporters.node.port);
    await program.stop();
    for (const metric of ["node_cpu_seconds_total", "node_memory_MemAvailable_bytes", "node_load1", "node_disk_io_now"])
      expect(text).toContain(metric);
    expect(text).not.toMatch(/node_(filesystem|network)_/);
  });

  it("tell of a public name whether the edge answers, and until when its certificate is valid", async () => {
    const listener = await Listener.start(files);
    const args = { peer: peerNamed("blackbox-exporter", "roost"), image: "", sizing: small };
    const spec = blackboxWorkload(args, "roost-ca");
    const { program, port } = await started("blackbox-exporter", spec, exporters.blackbox.port);
    const probe = (hostname: string) => {
      const target = encodeURIComponent(`https://127.0.0.1:${listener.port}/`);
      return askText(files.caFile, port, `/probe?module=https&target=${target}&hostname=${hostname}`);
    };
    const [known, foreign] = [await probe("localhost"), await probe("elsewhere.test")];
    await Promise.all([program.stop(), listener.stop()]);
    expect(known).toContain("probe_success 1");
    expect(Number(/^probe_ssl_earliest_cert_expiry (\S+)/m.exec(known)?.[1])).toBeGreaterThan(Date.now() / 1000);
    // The certificate is of another name.
    expect(foreign).toContain("probe_success 0");
  });
});

describe("alerts", () => {
  let listener: Listener;
  const ports: { readonly web: number; readonly cluster: number }[] = [];
  const running: Program[] = [];
  /** What would break a text that is put together without care. */
  const summary = 'It says "no": {a: b} \\ ünd';
  const post = (alerts: readonly object[]) => ask(files.caFile, ports[0]?.web ?? 0, "/api/v2/alerts", alerts);
  const alert = (alertname: string, severity: string, component: string, summary = `${alertname} is so`) => ({
    labels: { alertname, severity, component },
    annotations: { summary, description: "Look: at it.", runbook_url: `docs/runbooks/${alertname}.md` },
  });

  beforeAll(async () => {
    listener = await Listener.start(files);
    for (const _ of [0, 1]) ports.push({ web: await freePort(), cluster: await freePort() });
    place(alertmanagerPlaces, "/etc/roost/alertmanager.yml", configurationFor(listener.port));
    place(alertmanagerPlaces, "/etc/roost/web.yml", webConfiguration);
    place(alertmanagerPlaces, "/etc/roost/cluster.yml", clusterConfiguration(alertmanagerHost));
    const spec = alertmanagerWorkload({
      ...{ peer: peerNamed("alertmanager", "roost"), image: "", sizing: { ...sizing, replicas: 2 } },
      ...{ spread: "preferred", storage: { kind: "scratch", sizeMiB: 64 }, caConfigMaps: [], hasSecrets: true },
    });
    for (const [at, { web, cluster }] of ports.entries()) {
      const changed = {
        "listen-address=:9093": `listen-address=127.0.0.1:${web}`,
        "listen-address=0.0.0.0:9094": `listen-address=127.0.0.1:${cluster}`,
        "alertmanager-0.alertmanager.roost.svc:9094": `localhost:${ports[0]?.cluster}`,
        "alertmanager-1.alertmanager.roost.svc:9094": `localhost:${ports[1]?.cluster}`,
        "path=/alertmanager": `path=${join(files.folder, `data-${at}`)}`,
      };
      running.push(await Program.start("alertmanager", spec, alertmanagerPlaces, changed));
    }
    const members = async (port: number) => {
      const status = await ask(files.caFile, port, "/api/v2/status").catch(() => undefined);
      return JSON.stringify(status).split('"address"').length - 1 === 2 || undefined;
    };
    for (const { web } of ports) await eventually("both to know of each other", 30, () => members(web));
  });

  afterAll(async () => {
    await Promise.all(running.map((program) => program.stop()));
    await listener.stop();
  });

  it("reach whom they concern, with the secret of each, and no others", async () => {
    await post([alert("SynapseDown", "page", "synapse", summary), alert("CertificateEndsSoon", "ticket", "edge")]);
    await eventually("people to be told", 30, async () => (listener.at("/queue").length >= 2 ? true : undefined));
    const names = (path: string) =>
      listener.at(path).map(({ body }) => JSON.stringify(body).match(/alertname":"(\w+)/)?.[1]);
    expect(names("/page")).toEqual(["SynapseDown"]);
    expect(names("/queue").sort()).toEqual(["CertificateEndsSoon", "SynapseDown"]);
    expect(listener.at("/page")[0]?.authorization).toBe("Bearer token of on-call");
  });

  it("stand in a room as text that people can read", async () => {
    const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message`;
    await eventually("the room to be told", 30, async () => (listener.at(path).length >= 2 ? true : undefined));
    const page = listener.at(path).find(({ body }) => JSON.stringify(body).includes("SynapseDown"));
    expect(page?.authorization).toBe("Bearer token of room");
    expect(page?.body).toEqual({
      msgtype: "m.text",
      body: `[FIRING] page, synapse\nSynapseDown: ${summary}\nLook: at it. docs/runbooks/SynapseDown.md`,
    });
  });

  it("come together where they are of one part, and are kept back where another says it all", async () => {
    const before = listener.at("/queue").length;
    await post([
      alert("PostgresNoPrimary", "page", "postgres"),
      alert("PostgresReplicationLag", "page", "postgres"),
      alert("PostgresStandbyMissing", "ticket", "postgres"),
    ]);
    await eventually("people to be told", 30, async () => (listener.at("/queue").length > before ? true : undefined));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const told = listener
      .at("/queue")
      .slice(before)
      .map(({ body }) => JSON.stringify(body));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/PostgresNoPrimary.*PostgresReplicationLag/);
  });

  it("of Prometheus' own rules come from it, and the dead man's switch hears them", async () => {
    const port = await freePort();
    place(prometheusPlaces, "/etc/roost-rules/roost.yml", stringify({ groups: ruleGroups(facts) }));
    place(prometheusPlaces, "/etc/roost/web.yml", webConfiguration);
    // What Kubernetes would say of the pods is said by the file; all else is as it is in the cluster.
    const seen = {
      targets: ["pod"],
      labels: {
        __meta_kubernetes_pod_ip: "127.0.0.1",
        __meta_kubernetes_pod_name: "alertmanager-0",
        __meta_kubernetes_namespace: "roost",
      },
    };
    const configuration: { scrape_configs: { job_name: string }[]; alerting: { alertmanagers: object[] } } = JSON.parse(
      JSON.stringify(prometheusFor(ports[0]?.web ?? 0)),
    );
    const known = (each: object) => ({ ...each, kubernetes_sd_configs: undefined, static_configs: [seen] });
    const local = {
      ...configuration,
      remote_write: undefined,
      alerting: { ...configuration.alerting, alertmanagers: configuration.alerting.alertmanagers.map(known) },
      scrape_configs: configuration.scrape_configs.filter(({ job_name }) => job_name === "alertmanager").map(known),
    };
    place(prometheusPlaces, "/etc/roost/prometheus.yml", stringify(JSON.parse(JSON.stringify(local))));
    const spec = prometheusWorkload({
      ...{ peer: peerNamed("prometheus", "roost"), image: "", sizing, spread: "preferred" },
      ...{ storage: { kind: "scratch", sizeMiB: 64 }, caConfigMaps: [], hasSecrets: false },
    });
    const changed = {
      "listen-address=:9090": `listen-address=127.0.0.1:${port}`,
      "path=/prometheus": `path=${join(files.folder, "data")}`,
    };
    const prometheus = await Program.start("prometheus", spec, prometheusPlaces, changed);
    running.push(prometheus);
    await eventually("the dead man's switch to hear it", 120, async () =>
      listener.at("/alive").length > 0 ? true : undefined,
    );
    expect(JSON.stringify(listener.at("/alive")[0]?.body)).toContain("Watchdog");
    const query = () => ask(files.caFile, port, `/api/v1/query?query=${encodeURIComponent("up == 1")}`);
    const up = await eventually("a look at Alertmanager", 30, async () => {
      const found = await query();
      return JSON.stringify(found).includes("alertmanager") ? found : undefined;
    });
    expect(up).toMatchObject({
      data: {
        result: [
          { metric: { job: "alertmanager", namespace: "roost", pod: "alertmanager-0", instance: "alertmanager-0" } },
        ],
      },
    });
    const broken = await ask(files.caFile, port, "/api/v1/rules");
    expect(JSON.stringify(broken)).not.toContain('"health":"err"');
  });
});
