import { beforeAll, describe, expect, it, jest } from "@jest/globals";
import { policiesOf } from "./objects.ts";
import type { Stack } from "./stack.ts";
import { runStack } from "./stack.ts";
import { itIsWired } from "./wiring.ts";

jest.setTimeout(120_000);

describe("the whole stack, with the settings of dev", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await runStack("dev");
  });

  itIsWired(() => stack);

  it("has exactly this firewall", () => {
    const rules = policiesOf(stack.registered).map(({ metadata }) => `${metadata.namespace}: ${metadata.name}`);
    expect(rules.sort()).toEqual([
      "cnpg-system: allow-dns",
      "cnpg-system: cloudnative-pg-from-kubernetes-api-9443",
      "cnpg-system: cloudnative-pg-from-prometheus-8080",
      "cnpg-system: cloudnative-pg-to-kubernetes-api-6443",
      "cnpg-system: cloudnative-pg-to-pg-8000",
      "cnpg-system: default-deny",
      "roost-logs: allow-dns",
      "roost-logs: default-deny",
      "roost-logs: log-collector-from-prometheus-8889",
      "roost-logs: log-collector-to-loki-3100",
      "roost: alertmanager-from-prometheus-9093",
      "roost: allow-dns",
      "roost: blackbox-exporter-from-prometheus-9115",
      "roost: blackbox-exporter-to-edge-8443",
      "roost: default-deny",
      "roost: edge-from-blackbox-exporter-8443",
      "roost: edge-from-probe-8443",
      "roost: edge-from-prometheus-8404",
      "roost: edge-from-users-8443",
      "roost: edge-to-synapse-8443",
      "roost: edge-to-web-8443",
      "roost: kube-state-metrics-from-prometheus-8443",
      "roost: kube-state-metrics-from-prometheus-8444",
      "roost: kube-state-metrics-to-kubernetes-api-6443",
      "roost: loki-from-log-collector-3100",
      "roost: loki-from-prometheus-3100",
      "roost: node-exporter-from-prometheus-9100",
      "roost: pg-from-cloudnative-pg-8000",
      "roost: pg-from-pg-5432",
      "roost: pg-from-pg-8000",
      "roost: pg-from-prometheus-9187",
      "roost: pg-from-synapse-5432",
      "roost: pg-to-kubernetes-api-6443",
      "roost: pg-to-pg-5432",
      "roost: pg-to-pg-8000",
      "roost: probe-from-prometheus-9465",
      "roost: probe-to-edge-8443",
      "roost: prometheus-from-prometheus-9090",
      "roost: prometheus-to-alertmanager-9093",
      "roost: prometheus-to-blackbox-exporter-9115",
      "roost: prometheus-to-cloudnative-pg-8080",
      "roost: prometheus-to-edge-8404",
      "roost: prometheus-to-kube-state-metrics-8443",
      "roost: prometheus-to-kube-state-metrics-8444",
      "roost: prometheus-to-kubelets-10250",
      "roost: prometheus-to-kubernetes-api-6443",
      "roost: prometheus-to-log-collector-8889",
      "roost: prometheus-to-loki-3100",
      "roost: prometheus-to-node-exporter-9100",
      "roost: prometheus-to-pg-9187",
      "roost: prometheus-to-probe-9465",
      "roost: prometheus-to-prometheus-9090",
      "roost: prometheus-to-synapse-9443",
      "roost: synapse-administrator-to-synapse-8443",
      "roost: synapse-from-edge-8443",
      "roost: synapse-from-prometheus-9443",
      "roost: synapse-from-synapse-administrator-8443",
      "roost: synapse-from-synapse-probe-a-8443",
      "roost: synapse-from-synapse-probe-b-8443",
      "roost: synapse-probe-a-to-synapse-8443",
      "roost: synapse-probe-b-to-synapse-8443",
      "roost: synapse-to-pg-5432",
      "roost: web-from-edge-8443",
    ]);
  });

  it("says where it is found and how to get in, the latter as a secret", () => {
    expect(stack.outputs).toMatchObject({
      url: "https://chat.roost.test",
      homeserver: "https://matrix.roost.test",
      certificateAuthority: "certificate ca-certificate",
    });
    expect(stack.secretOutputs).toEqual(["administrator"]);
  });

  it("protects nothing, because it is disposable", () => {
    expect(
      stack.registered.filter(({ protect, retainOnDelete }) => protect || retainOnDelete).map(({ name }) => name),
    ).toEqual([]);
  });
});
