/** The shipped stacks with Grafana, whose server no package registry has: what it is given, and who reaches it. */
import { beforeAll, describe, expect, it, jest } from "@jest/globals";
import { z } from "zod";
import { shippedConfiguration } from "../policies/configuration.ts";
import { brokenPolicies } from "./broken-policies.ts";
import { containersOf, nameOf, objectsOf, policiesOf, workloadsOf } from "./objects.ts";
import { embedded } from "./single-sign-on.ts";
import type { Stack } from "./stack.ts";
import { runStack } from "./stack.ts";
import { itIsWired } from "./wiring.ts";

jest.setTimeout(120_000);

const configMap = z.object({ data: z.record(z.string(), z.string()) });

describe.each(["dev", "prod"])("the stack %s with Grafana", (name) => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await runStack(name, {
      images: { source: "upstream" },
      identity: embedded,
      observability: { kind: "on", grafana: { kind: "on" } },
    });
  });

  const data = (map: string) => {
    const found = stack.registered.find(({ name: each, type }) => each === map && type.endsWith(":ConfigMap"));
    return configMap.parse(found?.inputs).data;
  };

  it("meets the policies", () => {
    expect(brokenPolicies(stack, shippedConfiguration(name))).toEqual([]);
  });

  it("has one, by upstream's digest", () => {
    const [grafana] = workloadsOf(stack.registered).filter(({ metadata }) => metadata.name === "grafana");
    const [container] = grafana === undefined ? [] : containersOf(grafana);
    expect(container?.image).toMatch(/\/grafana:.*@sha256:/);
    expect(grafana?.spec.replicas).toBe(1);
  });

  it("lets the edge and Prometheus in, and Grafana out to Prometheus and Keycloak alone", () => {
    const about = policiesOf(stack.registered).filter(({ spec }) =>
      Object.values(spec.podSelector.matchLabels).includes("grafana"),
    );
    expect(about.map(({ metadata }) => metadata.name).sort()).toEqual([
      "grafana-from-edge-3000",
      "grafana-from-prometheus-3000",
      "grafana-to-keycloak-8443",
      "grafana-to-prometheus-9090",
    ]);
  });

  it("signs administrators in through Keycloak, and has no other way in", () => {
    const ini = data("grafana-config")["grafana.ini"];
    expect(ini).toMatch(/^allowed_groups = \["it"\]$/m);
    expect(ini).toMatch(/^auth_url = https:\/\/id\..*\/protocol\/openid-connect\/auth$/m);
    expect(ini).toMatch(/^token_url = https:\/\/keycloak\.roost\.svc:8443\//m);
    const realm = JSON.stringify(data("keycloak-realm"));
    expect(realm).toMatch(/login\/generic_oauth/);
  });

  it("is watched, shown to nobody but by the edge, and named by alerts", () => {
    const objects = objectsOf(stack.registered).map(nameOf);
    expect(objects.filter((each) => /^(Ingress|Route)/.test(each))).toEqual([]);
    expect(JSON.stringify(data("prometheus-rules"))).toContain("https://grafana.");
    expect(JSON.stringify(data("prometheus-config"))).toContain("job_name: grafana");
  });

  it("is given every dashboard", () => {
    expect(Object.keys(data("grafana-dashboards"))).toEqual(expect.arrayContaining(["overview.json", "synapse.json"]));
    expect(data("grafana-provisioning")["datasources-prometheus.yaml"]).toContain("https://prometheus.roost.svc:9090");
  });

  itIsWired(() => stack);
});
