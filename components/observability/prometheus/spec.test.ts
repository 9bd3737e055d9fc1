import { describe, expect, it } from "@jest/globals";
import { peerNamed } from "../../network/index.ts";
import { nodeRules, podRules, prometheusWorkload } from "./spec.ts";

const sizing = { replicas: 2, cpus: 0.1, memoryMiB: 256, storageGiB: 4, retentionDays: 15, retentionMiB: 3276 };
const spec = prometheusWorkload({
  peer: peerNamed("prometheus", "roost"),
  image: "prometheus@sha256:0",
  sizing,
  spread: "required",
  storage: { kind: "claimPerReplica", storageGiB: 4, retain: true },
  caConfigMaps: ["roost-ca", "roost-ca", undefined],
  hasSecrets: false,
});
const args = spec.containers[0]?.args ?? [];

describe("Prometheus", () => {
  it("keeps what it sees for as long as the plan says, on a volume of its own", () => {
    expect(args).toEqual(
      expect.arrayContaining(["--storage.tsdb.retention.time=15d", "--storage.tsdb.retention.size=3276MB"]),
    );
    expect(spec.kind).toBe("StatefulSet");
    expect(spec.containers[0]?.mounts?.find(({ path }) => path === "/prometheus")?.source).toMatchObject({
      kind: "claimPerReplica",
    });
  });

  it("cannot be stopped, emptied or written to from outside", () => {
    expect(args.filter((arg) => /enable-(lifecycle|admin-api|remote-write-receiver|otlp)/.test(arg))).toEqual([]);
  });

  it("serves over TLS alone, as its probes know", () => {
    expect(args).toContain("--web.config.file=/etc/roost/web.yml");
    for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"] as const)
      expect(spec.containers[0]?.[probe]).toMatchObject({ httpGet: { scheme: "HTTPS" } });
  });

  it("leaves three quarters of its memory to what it is for, whatever somebody asks", () => {
    const [, samples] = args.map((arg) => /max-samples=(\d+)/.exec(arg) ?? []).find(([found]) => found) ?? [];
    expect(Number(samples) * 16).toBeLessThanOrEqual((256 * 2 ** 20) / 4);
  });

  it("mounts each authority once", () => {
    const mounted = spec.containers[0]?.mounts?.filter(({ path }) => path.startsWith("/ca/")) ?? [];
    expect(mounted.map(({ path }) => path)).toEqual(["/ca/roost-ca"]);
  });

  it("may only read: which pods there are, which nodes, and what kubelets have measured", () => {
    const rules = [...podRules, ...nodeRules];
    for (const { verbs } of rules) expect(["get", "list", "watch"]).toEqual(expect.arrayContaining([...verbs]));
    expect(rules.flatMap(({ resources }) => resources)).toEqual(["pods", "nodes", "nodes/metrics"]);
  });
});
