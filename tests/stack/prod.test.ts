import { beforeAll, describe, expect, it, jest } from "@jest/globals";
import { nameOf, objectsOf, workloadsOf } from "./objects.ts";
import type { Stack } from "./stack.ts";
import { runStack } from "./stack.ts";
import { itIsWired } from "./wiring.ts";

jest.setTimeout(120_000);

describe("the whole stack, with the settings of prod", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await runStack("prod");
  });

  itIsWired(() => stack);

  it("protects and retains whatever cannot be made again", () => {
    const kept = stack.registered
      .filter(({ protect }) => protect)
      .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
    expect(kept).toEqual(
      expect.arrayContaining([
        "PrivateKey ca-key",
        "SelfSignedCert ca-certificate",
        "Cluster pg",
        "Database synapse",
        "PersistentVolumeClaim synapse-media",
        "Namespace roost",
        "CustomResourceDefinition clusters.postgresql.cnpg.io",
        "RandomBytes synapse-signing-key",
      ]),
    );
  });

  it("has two of everything that can be two, on different nodes, with a budget for disruptions", () => {
    const pairs = workloadsOf(stack.registered).filter(({ spec }) => (spec.replicas ?? 1) > 1);
    expect(pairs.map(nameOf).sort()).toEqual(expect.arrayContaining(["Deployment roost/edge", "Deployment roost/web"]));
    const budgets = objectsOf(stack.registered)
      .filter(({ kind }) => kind === "PodDisruptionBudget")
      .map(nameOf);
    for (const { metadata, spec } of pairs) {
      expect(budgets).toContain(`PodDisruptionBudget ${metadata.namespace}/${metadata.name}`);
      expect(spec.template.spec.topologySpreadConstraints).toHaveLength(1);
    }
  });

  it("has three instances of PostgreSQL", () => {
    const cluster = objectsOf(stack.registered).find(({ kind }) => kind === "Cluster");
    expect(cluster).toMatchObject({ spec: { instances: 3 } });
  });

  it("is reached by a load balancer, from the addresses that the settings name alone", () => {
    const objects = objectsOf(stack.registered);
    expect(objects.find((each) => nameOf(each) === "Service roost/edge")).toMatchObject({
      spec: { type: "LoadBalancer", loadBalancerSourceRanges: ["10.0.0.0/8"] },
    });
    expect(objects.find((each) => nameOf(each) === "NetworkPolicy roost/edge-from-users-8443")).toMatchObject({
      spec: { ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8" } }] }] },
    });
  });
});
