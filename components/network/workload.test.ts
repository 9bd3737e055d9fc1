import { describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import type { Registered } from "../../tests/registered.ts";
import { registeredResources } from "../../tests/registered.ts";
import { peerNamed } from "./peer.ts";
import { Workload } from "./workload.ts";
import type { JobSpec, ServiceSpec, WorkloadSpec } from "./workload-spec.ts";
import { podSpec } from "./workload-spec.ts";

interface Inputs {
  readonly spec?: {
    readonly backoffLimit?: number;
    readonly ttlSecondsAfterFinished?: number;
    readonly template?: { readonly metadata?: { readonly annotations?: Record<string, string> } };
  };
}

const registered = registeredResources<Inputs>();

const container = { name: "main", image: "example@sha256:0", command: ["true"], cpus: 0.1, memoryMiB: 64 };
const pods = { peer: peerNamed("task", "roost"), userId: 1000, groupId: 1000, containers: [container] };
const job: JobSpec = { ...pods, kind: "Job", backoffLimit: 4 };
const service: ServiceSpec = { ...pods, kind: "Deployment", replicas: 2 };

async function registeredBy(spec: WorkloadSpec, configHash?: string): Promise<readonly Registered<Inputs>[]> {
  new Workload("task", { spec, ...(configHash !== undefined && { configHash }) });
  await pulumi.runtime.disconnect();
  return registered;
}

describe("a Job", () => {
  it("is never started twice in one pod, and has no replicas to spread", () => {
    expect(podSpec(job).restartPolicy).toBe("Never");
    expect(podSpec(job).topologySpreadConstraints).toBeUndefined();
    expect(podSpec(service).restartPolicy).toBeUndefined();
  });

  it("stays when it has ended, tries as often as asked, and is made anew when what it reads changes", async () => {
    const made = (await registeredBy(job, "a-hash")).find(({ type }) => type === "kubernetes:batch/v1:Job");
    expect(made?.inputs.spec?.backoffLimit).toBe(4);
    expect(made?.inputs.spec?.ttlSecondsAfterFinished).toBeUndefined();
    expect(made?.inputs.spec?.template?.metadata?.annotations).toEqual({ "roost/config-hash": "a-hash" });
  });

  it("is neither a Deployment nor given a disruption budget", async () => {
    const types = (await registeredBy(job)).map(({ type }) => type);
    expect(types).not.toContain("kubernetes:apps/v1:Deployment");
    expect(types).not.toContain("kubernetes:policy/v1:PodDisruptionBudget");
  });
});

describe("a Deployment with replicas", () => {
  it("has a disruption budget", async () => {
    const types = (await registeredBy(service)).map(({ type }) => type);
    expect(types).toContain("kubernetes:apps/v1:Deployment");
    expect(types).toContain("kubernetes:policy/v1:PodDisruptionBudget");
  });
});

describe("a DaemonSet", () => {
  it("has a pod on each node, as restricted as all others, and no replicas that a budget could be about", async () => {
    const types = (await registeredBy({ ...pods, kind: "DaemonSet" })).map(({ type }) => type);
    expect(types).toContain("kubernetes:apps/v1:DaemonSet");
    expect(types).not.toContain("kubernetes:policy/v1:PodDisruptionBudget");
    expect(podSpec({ ...pods, kind: "DaemonSet" })).toMatchObject({ securityContext: { runAsNonRoot: true } });
    expect(podSpec({ ...pods, kind: "DaemonSet" }).tolerations).toBeUndefined();
  });
});
