import { describe, expect, it } from "@jest/globals";
import { peerNamed } from "../network/index.ts";
import { deploymentStrategy, podSpec } from "../network/workload-spec.ts";
import type { EdgeWorkloadArgs } from "./spec.ts";
import { edgeService, edgeWorkload, FINISH_SECONDS, files } from "./spec.ts";

const peer = peerNamed("edge", "roost");
const args: EdgeWorkloadArgs = {
  peer,
  image: "haproxy@sha256:0",
  replicas: 2,
  cpus: 0.5,
  memoryMiB: 256,
  spread: "preferred",
  exposure: { kind: "loadBalancer" },
  secrets: { certificate: "edge-certificate", metricsCertificate: "edge-metrics" },
  caConfigMaps: ["roost-ca"],
};

describe("the edge's pods", () => {
  const pod = podSpec(edgeWorkload(args));
  const [container] = edgeWorkload(args).containers;

  it("have longer to end than requests have to finish", () => {
    expect(edgeWorkload(args).terminationGraceSeconds).toBeGreaterThan(FINISH_SECONDS + 10);
  });

  it("mount whole volumes, because single files would not change while they run", () => {
    expect(container?.mounts?.map(({ path, subPath }) => [path, subPath])).toEqual([
      ["/etc/haproxy", undefined],
      ["/tls/site", undefined],
      ["/tls/metrics", undefined],
      ["/ca/roost-ca", undefined],
    ]);
  });

  it("watch every file that the configuration names", () => {
    expect(container?.args?.slice(2)).toEqual([
      "/etc/haproxy/haproxy.cfg",
      files.certificate,
      "/tls/site/tls.key",
      files.metricsCertificate,
      "/tls/metrics/tls.key",
      "/ca/roost-ca/ca.crt",
    ]);
  });

  it("listen above 1024 only, so that they need no privilege", () => {
    expect(Object.values(container?.ports ?? {}).every((port) => port > 1024)).toBe(true);
    expect(JSON.stringify(pod)).not.toContain("hostPort");
  });

  it("take a port of the host only when told to, one pod a node, and free it before the next takes it", () => {
    const onHost = edgeWorkload({ ...args, exposure: { kind: "hostPort", port: 443 } });
    expect(podSpec(onHost)).toMatchObject({
      containers: [
        { ports: [{ name: "https", containerPort: 8443, hostPort: 443 }, { name: "health" }, { name: "metrics" }] },
      ],
      topologySpreadConstraints: [{ whenUnsatisfiable: "DoNotSchedule" }],
    });
    expect(deploymentStrategy(onHost).rollingUpdate).toEqual({ maxSurge: 0, maxUnavailable: 1 });
    expect(deploymentStrategy(edgeWorkload(args)).rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
  });
});

describe("the edge's Service", () => {
  const anywhere = ["0.0.0.0/0", "::/0"];

  it("keeps the client's address, by which sign-ins are limited", () => {
    for (const exposure of [{ kind: "loadBalancer" }, { kind: "nodePort", port: 443 }] as const) {
      expect(edgeService(peer, exposure, anywhere)?.spec).toMatchObject({ externalTrafficPolicy: "Local" });
    }
  });

  it("is on port 443, at the node's port that is asked for", () => {
    expect(edgeService(peer, { kind: "nodePort", port: 30443 }, anywhere)?.spec).toMatchObject({
      type: "NodePort",
      ports: [{ port: 443, targetPort: 8443, nodePort: 30443 }],
    });
  });

  it("gives the load balancer its class, annotations and the addresses that may come", () => {
    const exposure = { kind: "loadBalancer", class: "metallb.io/metallb", annotations: { pool: "office" } } as const;
    expect(edgeService(peer, exposure, ["10.0.0.0/8"])).toMatchObject({
      metadata: { annotations: { pool: "office" } },
      spec: { type: "LoadBalancer", loadBalancerClass: "metallb.io/metallb", loadBalancerSourceRanges: ["10.0.0.0/8"] },
    });
    expect(edgeService(peer, { kind: "loadBalancer" }, anywhere)?.spec).not.toHaveProperty("loadBalancerSourceRanges");
  });

  it("is not made where users come by a port of the host", () => {
    expect(edgeService(peer, { kind: "hostPort", port: 443 }, anywhere)).toBeUndefined();
  });
});
