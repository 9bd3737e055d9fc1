import { describe, expect, it } from "@jest/globals";
import { peerNamed } from "../../network/index.ts";
import { kubeStateClusterRules, kubeStateRules, kubeStateWorkload, nodeExporterWorkload } from "./spec.ts";

const args = (name: string) => ({
  peer: peerNamed(name, "roost"),
  image: "exporter@sha256:0",
  sizing: { replicas: 1, cpus: 0.02, memoryMiB: 48 },
});

describe("node exporter", () => {
  const spec = nodeExporterWorkload(args("node-exporter"));

  it("runs on every node and is given nothing of it: no folder, no network, no process", () => {
    expect(spec.kind).toBe("DaemonSet");
    expect(spec.apiToken ?? false).toBe(false);
    const sources = spec.containers.flatMap(({ mounts = [] }) => mounts.map(({ source }) => source.kind));
    expect(new Set(sources)).toEqual(new Set(["configMap", "secret"]));
    expect(spec.containers.every(({ hostPorts }) => hostPorts === undefined)).toBe(true);
  });

  it("tells nothing that is the container's and not the node's", () => {
    const collectors = spec.containers[0]?.args?.join(" ") ?? "";
    expect(collectors).toContain("--collector.disable-defaults");
    expect(collectors).not.toMatch(/collector\.(filesystem|netdev|netstat|sockstat)/);
  });
});

describe("kube-state-metrics", () => {
  const spec = kubeStateWorkload(args("kube-state-metrics"), ["roost", "cnpg-system"]);
  const rules = [...kubeStateRules, ...kubeStateClusterRules];

  it("tells of a node once, however many namespaces there are", () => {
    const [namespaced, cluster] = spec.containers.map(({ args = [] }) => args.join(" "));
    expect(namespaced).not.toContain("nodes");
    expect(cluster).toContain("--resources=nodes");
    expect(cluster).not.toContain("--namespaces");
  });

  it("looks into the environment's namespaces alone", () => {
    expect(spec.containers[0]?.args).toContain("--namespaces=roost,cnpg-system");
  });

  it("may follow what it is told to tell of, and nothing else: no Secret, no ConfigMap", () => {
    const told = spec.containers
      .flatMap(({ args = [] }) => /--resources=(\S+)/.exec(args.join(" "))?.[1]?.split(",") ?? [])
      .sort();
    expect(rules.flatMap(({ resources }) => resources).sort()).toEqual(told);
    expect(told).not.toEqual(expect.arrayContaining(["secrets"]));
    expect(told).not.toEqual(expect.arrayContaining(["configmaps"]));
    for (const { verbs } of rules) expect(verbs).toEqual(["list", "watch"]);
  });
});
