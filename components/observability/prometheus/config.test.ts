import { describe, expect, it } from "@jest/globals";
import { peerNamed } from "../../network/index.ts";
import type { PrometheusConfigArgs } from "./config.ts";
import { prometheusConfig } from "./config.ts";

const ca = { caConfigMap: "roost-ca" };
const synapse = { peer: peerNamed("synapse", "roost"), port: 9443, host: "synapse-metrics.roost.svc", ...ca };
const args: PrometheusConfigArgs = {
  environment: "roost.test",
  scrapeSeconds: 15,
  pods: [{ job: "synapse", path: "/_synapse/metrics", answers: "pod", ...synapse }],
  names: {
    hosts: ["chat.roost.test"],
    edge: { host: "edge-inside.roost.svc", port: 8443 },
    exporter: { host: "blackbox-exporter.roost.svc", port: 9115, ...ca },
  },
  kubelets: false,
  alertmanager: { peer: peerNamed("alertmanager", "roost"), port: 9093, host: "alertmanager.roost.svc", ...ca },
};

function jobs(changes: Partial<PrometheusConfigArgs> = {}): readonly Record<string, unknown>[] {
  const { scrape_configs } = JSON.parse(JSON.stringify(prometheusConfig({ ...args, ...changes })));
  return scrape_configs;
}

const job = (name: string, changes: Partial<PrometheusConfigArgs> = {}) =>
  jobs(changes).find(({ job_name }) => job_name === name);

describe("Prometheus' configuration", () => {
  it("looks for exactly the pods that were declared, in their namespace, and verifies them", () => {
    expect(job("synapse")).toMatchObject({
      scheme: "https",
      metrics_path: "/_synapse/metrics",
      tls_config: { ca_file: "/ca/roost-ca/ca.crt", server_name: "synapse-metrics.roost.svc" },
      kubernetes_sd_configs: [
        {
          role: "pod",
          namespaces: { names: ["roost"] },
          selectors: [{ role: "pod", label: "app.kubernetes.io/name=synapse,app.kubernetes.io/instance=roost" }],
        },
      ],
    });
  });

  it("never goes without TLS, and verifies wherever it goes", () => {
    for (const each of jobs({ kubelets: true })) {
      expect(each).toMatchObject({ scheme: "https", tls_config: { ca_file: expect.stringContaining("ca.crt") } });
      expect(JSON.stringify(each)).not.toContain("insecure");
    }
  });

  it("names pods on every series, by names that outlive an address", () => {
    const named = JSON.stringify(job("synapse"));
    for (const label of ["namespace", "pod", "instance"]) expect(named).toContain(`"target_label":"${label}"`);
  });

  it("asks any pod of a Service where all say the same, and believes it about others", () => {
    const state = { job: "state", path: "/metrics", answers: "service" as const, ...synapse };
    expect(job("synapse-metrics", { pods: [state] })).toMatchObject({
      honor_labels: true,
      static_configs: [{ targets: ["synapse-metrics.roost.svc:9443"], labels: { job: "state" } }],
    });
  });

  it("keeps nothing of what a target is not to tell", () => {
    expect(job("synapse")).not.toHaveProperty("metric_relabel_configs");
    const quiet = { job: "quiet", path: "/metrics", answers: "pod" as const, ...synapse };
    expect(job("quiet", { pods: [{ ...quiet, dropped: ["errors_total", "texts"] }] })).toMatchObject({
      metric_relabel_configs: [{ source_labels: ["__name__"], regex: "errors_total|texts", action: "drop" }],
    });
  });

  it("asks for each public name at the edge", () => {
    expect(job("blackbox")).toMatchObject({ static_configs: [{ targets: ["chat.roost.test"] }] });
    expect(JSON.stringify(job("blackbox"))).toContain("https://edge-inside.roost.svc:8443/");
  });

  it("asks machines that tell of themselves, and shows them who asks", () => {
    const machine = { name: "office", target: "10.1.0.10:9100", cidr: "10.1.0.10/32", port: 9100 };
    expect(job("node", { machines: [{ ...machine, labels: { role: "all-in-one", rack: "rack-1" } }] })).toEqual({
      job_name: "node",
      scheme: "https",
      metrics_path: "/metrics",
      tls_config: { ca_file: "/machines/ca.crt", cert_file: "/machines/tls.crt", key_file: "/machines/tls.key" },
      static_configs: [
        { targets: ["10.1.0.10:9100"], labels: { role: "all-in-one", rack: "rack-1", instance: "office" } },
      ],
    });
  });

  it("asks kubelets where it may, and keeps of them what somebody asks for", () => {
    expect(jobs().map(({ job_name }) => job_name)).toEqual(["synapse", "blackbox"]);
    const names = jobs({ kubelets: true }).map(({ job_name }) => job_name);
    expect(names).toEqual(["synapse", "blackbox", "kubelet", "kubelet-containers"]);
    expect(JSON.stringify(job("kubelet", { kubelets: true }))).toContain('"action":"keep"');
  });

  it("tells Alertmanager the same from each replica, so that people are told once", () => {
    expect(prometheusConfig(args)).toMatchObject({
      global: { external_labels: { environment: "roost.test", replica: "$HOSTNAME" } },
      alerting: { alert_relabel_configs: [{ regex: "replica", action: "labeldrop" }] },
    });
  });

  it("writes elsewhere only where it is told to, with the password from a file", () => {
    expect(prometheusConfig(args)).not.toHaveProperty("remote_write");
    const remoteWrite = { url: "https://metrics.example.org/write", username: "roost", caConfigMap: "remote-write-ca" };
    expect(prometheusConfig({ ...args, remoteWrite })).toMatchObject({
      remote_write: [
        {
          url: "https://metrics.example.org/write",
          tls_config: { ca_file: "/ca/remote-write-ca/ca.crt" },
          basic_auth: { username: "roost", password_file: "/secrets/remote-write-password" },
        },
      ],
    });
  });
});
