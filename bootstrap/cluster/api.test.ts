import { describe, expect, it } from "@jest/globals";
import { gracePeriods, nodesReady, podsReady } from "./api.ts";

const since = new Date("2026-01-01T12:00:00Z");
const [before, after] = ["2026-01-01T11:59:59Z", "2026-01-01T12:00:00Z"];

describe("readiness after a start", () => {
  const node = (lastHeartbeatTime: string, status = "True") => ({
    metadata: { name: "node-1" },
    status: { conditions: [{ type: "Ready", status, lastHeartbeatTime }] },
  });
  const pod = (startedAt: string, ready = true) => ({
    metadata: { name: "coredns-x", labels: { "k8s-app": "kube-dns" } },
    status: { containerStatuses: [{ ready, state: { running: { startedAt } } }] },
  });

  it("does not take what a node said before it was stopped", () => {
    expect(nodesReady([node(before)], ["node-1"], since)).toBe(false);
    expect(nodesReady([node(after)], ["node-1"], since)).toBe(true);
  });

  it("wants every node", () => {
    expect(nodesReady([node(after)], ["node-1", "node-2"], since)).toBe(false);
    expect(nodesReady([node(after, "False")], ["node-1"], since)).toBe(false);
  });

  it("does not take a pod's earlier containers, nor one that is not ready", () => {
    expect(podsReady([pod(before)], ["kube-dns"], since)).toBe(false);
    expect(podsReady([pod(after, false)], ["kube-dns"], since)).toBe(false);
    expect(podsReady([pod(before), pod(after)], ["kube-dns"], since)).toBe(true);
    expect(podsReady([pod(after)], ["kube-dns", "other"], since)).toBe(false);
  });
});

it("knows how long each container may take to end", () => {
  const pod = {
    metadata: { name: "pg-1" },
    spec: { terminationGracePeriodSeconds: 2 },
    status: { containerStatuses: [{ ready: true, containerID: "containerd://abc" }, { ready: false }] },
  };
  expect([...gracePeriods([pod])]).toEqual([["abc", 2000]]);
});
