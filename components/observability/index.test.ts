import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { CertificateAuthority, Endpoint, peerNamed, Zone } from "../network/index.ts";
import type { ObservabilityArgs } from "./index.ts";
import { Observability } from "./index.ts";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: {
    readonly metadata?: { readonly name: string; readonly namespace?: string };
    readonly data?: Readonly<Record<string, string>>;
    readonly spec?: { readonly volumeClaimTemplates?: readonly object[] };
  };
}

const registered: Registered[] = [];

beforeEach(async () => {
  registered.length = 0;
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, name, inputs });
      return { id: name, state: { ...inputs, certPem: "certificate", privateKeyPem: "key", certRequestPem: "r" } };
    },
  });
});

// What is still being registered belongs to this test, not to the next.
afterEach(() => pulumi.runtime.disconnect());

const part = { replicas: 1, cpus: 0.1, memoryMiB: 64 };
const sizing = {
  prometheus: { ...part, storageGiB: 4, retentionDays: 15, retentionMiB: 3000 },
  ...{ alertmanager: part, kubeStateMetrics: part, blackboxExporter: part, nodeExporter: part },
  loki: { ...part, replicas: 2, storageGiB: 4, retentionDays: 30 },
  logCollector: { ...part, bufferMiB: 64 },
};
const images = {
  ...{ prometheus: "p", alertmanager: "a", "node-exporter": "n" },
  ...{ "blackbox-exporter": "b", "kube-state-metrics": "k", loki: "l", "otel-collector": "c" },
};

function create(changes: (authority: CertificateAuthority) => Partial<ObservabilityArgs> = () => ({})): Observability {
  const dns = { namespace: "kube-system", podLabels: { "k8s-app": "kube-dns" }, port: 53 };
  const zone = new Zone("roost", { namespace: "roost", dns });
  const authority = new CertificateAuthority("ca");
  const served = (name: string) => new Endpoint(name, { server: peerNamed(name, "roost"), port: 8443, authority });
  return new Observability("observability", {
    ...{ zone, dns, authority, images, sizing, domain: "roost.test", scrapeSeconds: 15 },
    kubernetesApi: new Endpoint("api", { server: { name: "api", cidrs: ["10.0.0.1/32"] }, port: 6443 }),
    settings: { receivers: [] },
    watched: [],
    names: { hosts: ["chat.roost.test"], edge: served("edge"), authorityPem: "pem" },
    homeserver: served("synapse"),
    facts: {
      ...{ ha: false, identity: false, keycloak: false, embeddedDirectory: false },
      ...{ kafka: false, capture: false, bulk: false, archive: false, objectStore: false, servers: false, logs: true },
      runbookUrl: "docs/runbooks",
    },
    storage: { kind: "volume" },
    ...changes(authority),
  });
}

async function all(kind: string): Promise<Registered["inputs"][]> {
  await pulumi.runtime.disconnect();
  return registered.filter(({ type }) => type.endsWith(`:${kind}`)).map(({ inputs }) => inputs);
}

const names = (found: readonly Registered["inputs"][]) => found.map(({ metadata }) => metadata?.name);

describe("the monitoring", () => {
  it("looks at what was declared: the network lets it, and its configuration says so", async () => {
    create((authority) => ({
      watched: [
        {
          scrapeTargets: [
            { job: "web", endpoint: new Endpoint("web", { server: peerNamed("web", "roost"), port: 9000, authority }) },
          ],
        },
      ],
    }));
    expect(names(await all("NetworkPolicy"))).toEqual(
      expect.arrayContaining(["prometheus-to-web-9000", "web-from-prometheus-9000"]),
    );
    const configuration = (await all("ConfigMap")).find(({ metadata }) => metadata?.name === "prometheus-config");
    expect(configuration?.data?.["prometheus.yml"]).toContain("job_name: web");
  });

  it("asks machines that tell of themselves at their addresses alone, and has no exporter in pods beside them", async () => {
    const { nodeExporter, ...others } = sizing;
    const machine = (name: string, address: string) => {
      return { name, target: `${address}:9100`, cidr: `${address}/32`, port: 9100, labels: {} };
    };
    create(() => ({
      sizing: others,
      machines: {
        machines: [machine("one", "10.1.0.11"), machine("two", "10.1.0.12")],
        client: pulumi.secret(pulumi.output({ authority: "authority", certificate: "certificate", privateKey: "key" })),
      },
    }));
    const policies = await all("NetworkPolicy");
    const out = policies.find(({ metadata }) => metadata?.name === "prometheus-to-machines-9100");
    expect(out?.spec).toMatchObject({
      egress: [{ to: [{ ipBlock: { cidr: "10.1.0.11/32" } }, { ipBlock: { cidr: "10.1.0.12/32" } }] }],
    });
    expect(names(await all("DaemonSet"))).not.toContain("node-exporter");
    expect(names(await all("Secret"))).toContain("prometheus-machines");
    const configuration = (await all("ConfigMap")).find(({ metadata }) => metadata?.name === "prometheus-config");
    expect(configuration?.data?.["prometheus.yml"]).toContain("job_name: node");
  });

  it("refuses metrics in plain text", () => {
    const plain = new Endpoint("plain", { server: peerNamed("plain", "roost"), port: 9000 });
    expect(() => create(() => ({ watched: [{ scrapeTargets: [{ job: "plain", endpoint: plain }] }] }))).toThrow(
      /The metrics of plain are not served over TLS; give its endpoint an authority/,
    );
  });

  it("watches itself", () => {
    const jobs = create().targets.map(({ job }) => job);
    expect(jobs).toEqual([
      ...["loki", "log-collector"],
      ...["node", "blackbox-exporter", "kube-state-metrics", "kube-state-metrics", "alertmanager"],
    ]);
  });

  it("reaches receivers and nothing beside them, with their secrets in a Secret", async () => {
    const outside = { cidrs: ["192.0.2.40/32"] };
    create(() => ({
      settings: {
        receivers: [
          {
            kind: "webhook",
            name: "on-call",
            severities: ["page"],
            url: "https://a.test:9443/",
            token: "t",
            ...outside,
          },
          { kind: "matrix", name: "room", severities: ["page"], room: "!r:a", token: "t", homeserver: { kind: "own" } },
        ],
      },
    }));
    const rules = names(await all("NetworkPolicy")).filter((name) => name?.startsWith("alertmanager-to-"));
    expect(rules.sort()).toEqual(["alertmanager-to-receiver-on-call-9443", "alertmanager-to-synapse-8443"]);
    expect(names(await all("Secret"))).toContain("alertmanager-secrets");
  });

  it("keeps what it sees on volumes, or where there are none as long as its pods live", async () => {
    create(() => ({ storage: { kind: "pod" } }));
    expect((await all("StatefulSet")).every(({ spec }) => spec?.volumeClaimTemplates === undefined)).toBe(true);
  });

  it("sends what all pods write to each Loki, and to nothing else, from a namespace that holds nothing else", async () => {
    create();
    const rules = names(await all("NetworkPolicy"));
    const collectors = rules.filter((name) => name?.startsWith("log-collector-"));
    expect(collectors.sort()).toEqual(["log-collector-from-prometheus-8889", "log-collector-to-loki-3100"]);
    expect(rules).toEqual(expect.arrayContaining(["loki-from-log-collector-3100", "loki-from-prometheus-3100"]));
    const namespaces = new Map((await all("Namespace")).map(({ metadata }) => [metadata?.name, metadata]));
    expect(namespaces.get("roost-logs")).toMatchObject({
      labels: { "roost/node-agent": "logs", "pod-security.kubernetes.io/enforce": "privileged" },
    });
    const inside = registered.filter(({ inputs }) => inputs.metadata?.namespace === "roost-logs");
    expect(inside.map(({ type }) => type).filter((type) => type.includes(":apps/"))).toEqual([
      "kubernetes:apps/v1:DaemonSet",
    ]);
    const collector = (await all("ConfigMap")).find(({ metadata }) => metadata?.name === "log-collector-config");
    const configuration = collector?.data?.["collector.yml"];
    for (const host of ["loki-0.loki.roost.svc", "loki-1.loki.roost.svc"])
      expect(configuration).toContain(`logs_endpoint: https://${host}:3100/otlp/v1/logs`);
    expect(configuration).toContain("/var/log/pods/roost_*/*/*.log");
    expect(configuration).not.toContain("/var/log/pods/*");
  });

  it("collects nothing where logs are off", async () => {
    create(() => ({ sizing: { ...sizing, loki: undefined, logCollector: undefined } }));
    expect(names(await all("Namespace"))).toEqual(["roost"]);
    expect(names(await all("DaemonSet"))).toEqual(["node-exporter"]);
  });

  it("does not ask kubelets whose addresses nobody has said", async () => {
    create();
    expect(names(await all("NetworkPolicy"))).not.toContain("prometheus-to-kubelets-10250");
    expect(names(await all("ClusterRole"))).toEqual(["roost-kube-state-metrics"]);
  });
});
